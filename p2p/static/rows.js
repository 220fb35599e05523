// A choice in a row is sent at once, or opens its form in the dialog. Arrows walk the rows, keys press what stands there.
(() => {
  const rowOf = (element) => element?.closest?.("tr[id]");
  const linkOf = (row) => row?.querySelector("td a[href]");

  document.addEventListener("change", ({ target }) => {
    if (!target.matches("select[data-sends]")) return;
    const asks = target.selectedOptions[0]?.dataset.asks;
    if (!asks) return target.form.requestSubmit();
    target.form.reset();
    document.dispatchEvent(new CustomEvent("ask", { detail: asks }));
  });
  // After an answer a row shows what the server says, not what was chosen.
  document.addEventListener("htmx:finally:request", ({ target }) => target.closest?.(".row-form")?.reset());

  const WALK = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest?.("input:not([type=checkbox]), select, textarea")) return;
    const row = rowOf(document.activeElement);
    if (WALK[event.key]) {
      const next = row ? row[WALK[event.key]] : document.activeElement.matches("body, main") && document.querySelector("tbody tr[id]");
      if (!linkOf(next)) return;
      linkOf(next).focus();
      return event.preventDefault();
    }
    const control = row?.querySelector(event.key === "x" ? ".tick input" : `[data-row-key="${CSS.escape(event.key)}"]`);
    if (!control) return;
    event.preventDefault();
    if (control.matches("select")) control.focus();
    else control.click();
  });

  // A dialog that closes or a row that leaves the list must not lose the focus: it goes to the row, or to what took its place.
  let place = null;
  const settle = () => {
    if (place === null || document.activeElement !== document.body || document.querySelector("dialog[open]")) return;
    const rows = document.querySelectorAll("tbody tr[id]");
    linkOf(rows[Math.min(place, rows.length - 1)])?.focus();
  };
  document.addEventListener("focusin", ({ target }) => {
    if (!target.closest("dialog")) place = rowOf(target)?.sectionRowIndex ?? null;
  });
  document.addEventListener("htmx:after:swap", settle);
  document.getElementById("dialog").addEventListener("close", settle);

  // One tick for all that are shown.
  document.addEventListener("change", ({ target }) => {
    if (!target.matches("[data-ticks-all]")) return;
    for (const box of target.closest("table").querySelectorAll("tbody .tick input")) box.checked = target.checked;
  });
})();
