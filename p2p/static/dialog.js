// Links marked data-dialog open their page's living part in the one dialog.
(() => {
  const dialog = document.getElementById("dialog"), body = document.getElementById("dialog-body");
  const FIRST = ["[aria-invalid=true]", "[autofocus]", "input:not([type=hidden]), select, textarea", "button, a[href]"];

  // Emptied at once: the close event comes later, and a swap in between would show the dialog again.
  const shut = () => {
    body.replaceChildren();
    dialog.close();
  };

  // What is typed while it is on its way is for its first field, up to a Tab.
  let ahead = null;
  const ask = (url) => {
    ahead = [];
    htmx.ajax("GET", url, { target: "#dialog-body", swap: "innerHTML" });
  };
  document.addEventListener("ask", ({ detail }) => ask(detail));
  document.addEventListener("keydown", (event) => {
    if (!ahead || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!ahead.includes("Tab")) ahead.push(event.key);
  }, true);
  // Through the button, which may have a way of its own.
  const send = ({ form }) => form?.querySelector("button:not([type=button])")?.click();
  const type = (keys) => {
    const field = document.activeElement, word = keys.filter((key) => key.length === 1).join("");
    if (word && field.matches("select")) field.selectedIndex = [...field.options].findIndex(({ text }) => text.toLowerCase().startsWith(word.toLowerCase()));
    else if (word && "value" in field) field.value = word;
    if (keys.includes("Escape")) shut();
    else if (keys.includes("Enter")) send(field);
  };
  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => ctx.target?.id === "dialog-body" && (ahead = null));

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-dialog]");
    if (link && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
      event.preventDefault();
      ask(link.href);
    } else if (event.target.closest("dialog [data-close]")) {
      event.preventDefault();
      shut();
    }
  });

  // Enter in a menu sends the form; Space opens the menu.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches(":is(dialog, details, [data-sends]) select")) (event.preventDefault(), send(event.target));
  });

  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    const asked = ctx.target?.id === "dialog-body" && body.querySelector("[autofocus]");
    if (!body.childElementCount || (body.contains(document.activeElement) && !asked)) return;
    dialog.ariaLabel = body.querySelector("h2")?.textContent.trim() ?? "Dialog";
    if (!dialog.open) dialog.showModal();
    const first = FIRST.map((wanted) => body.querySelector(wanted)).find(Boolean);
    first?.focus();
    if (asked) first.select?.(); // what is typed takes the place of what stands there
    if (first?.matches("button")) dialog.scrollTop = 0; // what it decides is read first
    if (ahead) type(ahead);
  });
  document.addEventListener("changed", (event) => {
    if (body.contains(event.target) && !event.detail.stay) shut();
  });
  dialog.addEventListener("close", () => body.replaceChildren());
  dialog.addEventListener("click", (event) => {
    const box = dialog.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (event.target === dialog && !inside && !body.querySelector(":user-invalid, :user-valid")) shut();
  });
})();
