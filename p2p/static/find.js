// The box that finds everything: what the server offers below it is walked with the arrows while the focus stays in the box.
(() => {
  const box = document.getElementById("find"), list = () => document.getElementById("found");
  const options = () => [...list().querySelectorAll("[role=option]")];
  const chosen = () => list().querySelector("[aria-selected=true]");
  let from = null; // what held the focus before

  const choose = (option) => {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) box.setAttribute("aria-activedescendant", option.id);
    else box.removeAttribute("aria-activedescendant");
  };
  const show = (yes) => {
    list().hidden = !yes;
    box.setAttribute("aria-expanded", yes);
    if (!yes) choose(null);
  };
  const open = () => !list().hidden;

  const KEYS = {
    ArrowDown: (all, at) => choose(all[(at + 1) % all.length]),
    ArrowUp: (all, at) => choose(all.at(at < 1 ? -1 : at - 1)),
    Enter: (all, at) => all[at].click(),
  };
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      event.preventDefault();
      if (open()) show(false);
      else box.value = "";
      if (from?.isConnected) from.focus();
      else box.blur();
      return;
    }
    const all = options(), at = all.indexOf(chosen());
    if (!KEYS[event.key] || !all.length || (event.key === "Enter" && at < 0)) return;
    event.preventDefault();
    show(true);
    KEYS[event.key](all, at);
  });
  box.addEventListener("focus", ({ relatedTarget }) => {
    if (!list().contains(relatedTarget)) from = relatedTarget;
  });
  document.addEventListener("focusout", ({ target, relatedTarget }) => {
    if (box.form.contains(target) && relatedTarget && !box.form.contains(relatedTarget)) show(false);
  });
  document.addEventListener("click", ({ target }) => box.form.contains(target) || show(false));
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    if (ctx.sourceElement !== box.form) return;
    show(Boolean(box.value.trim()) && document.activeElement === box);
    document.getElementById("find-says").textContent = list().dataset.says;
  });
})();
