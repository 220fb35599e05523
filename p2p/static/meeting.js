// A meeting by keyboard: Ctrl+Enter saves and goes on, Esc leaves the field so that single keys work, arrows walk the deals.
(() => {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || document.querySelector("dialog[open]")) return;
    const { target, key } = event, mine = document.querySelector("form[data-sends]"), typing = target.matches("input, select, textarea");
    if (key === "Enter" && mine && (event.ctrlKey || event.metaKey)) (event.preventDefault(), mine.requestSubmit());
    else if (key === "Escape" && typing) target.blur();
    else if (!typing && !event.ctrlKey && !event.metaKey) document.querySelector({ ArrowRight: "a[rel=next]", ArrowLeft: "a[rel=prev]" }[key] ?? ":not(*)")?.click();
  });
  document.addEventListener("click", ({ target }) => target.closest("[data-print]") && print());
})();
