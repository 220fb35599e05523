// What happened, said once: toasts, and the repairs htmx leaves to us after a change.
(() => {
  const toasts = document.getElementById("toast");
  const KEPT = 8000; // ms; an undo stays reachable by its key after the toast is out of sight
  let timer;

  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (toasts.matches(":hover, :focus-within")) return wait();
      for (const toast of toasts.children) toast.hidden = true;
    }, KEPT);
  };
  new MutationObserver(() => toasts.querySelector(":scope > :not([hidden])") && wait()).observe(toasts, { childList: true });
  if (toasts.childElementCount) wait();

  const say = (textContent) => toasts.replaceChildren(Object.assign(document.createElement("p"), { className: "toast bad", textContent }));
  document.addEventListener("htmx:error", (event) => {
    if (event.detail.ctx) say("No answer from the server. See whether it was saved, then try again.");
  });
  document.addEventListener("htmx:response:error", (event) => {
    const { status, headers } = event.detail.ctx.response;
    if (status >= 500) say(headers.get("P2P-Says") ?? "Something broke on the server. Nothing was changed; try again.");
  });

  document.addEventListener("click", ({ target }) => {
    const close = target.closest("#toast [data-close]");
    if (!close) return;
    close.blur(); // hidden, it keeps the focus a while
    close.closest(".toast").hidden = true;
  });

  // A button with a place of its own (formaction) is sent there by htmx too.
  document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
    ctx.request.action = ctx.request.submitter?.getAttribute("formaction") ?? ctx.request.action;
  });

  document.addEventListener("changed", (event) => {
    // The form that asked may be gone (undo in a toast): htmx then tells the document, below which nobody listens.
    if (event.target === document) return htmx.trigger(document.body, "changed", event.detail);
    const form = event.target.closest?.("form[data-again]");
    if (!form) return;
    // What was refused before stands in it as if it belonged there.
    for (const field of form.querySelectorAll("input:not([type])")) field.defaultValue = "";
    for (const old of form.querySelectorAll(".errors, .asks")) old.remove();
    form.reset();
    const key = form.elements.namedItem("key");
    if (key) key.value = crypto.getRandomValues(new Uint32Array(4)).join("-");
    form.querySelector("input:not([type=hidden])")?.focus();
  });
})();
