// Files dropped on a panel of files go into its form, which is then sent; beside it they do nothing.
(() => {
  const marked = () => document.querySelector("[data-over]");
  const zone = (event) => {
    if (!event.dataTransfer?.types.includes("Files") || event.target.matches?.("input[type=file]")) return;
    event.preventDefault();
    const found = event.target.closest?.("[data-drop]");
    return found?.querySelector("input[type=file]") && found;
  };
  const mark = (over) => {
    marked()?.removeAttribute("data-over");
    over?.setAttribute("data-over", "");
  };
  document.addEventListener("dragover", (event) => {
    const over = zone(event);
    if (event.defaultPrevented && event.dataTransfer?.types.includes("Files")) event.dataTransfer.dropEffect = over ? "copy" : "none";
    mark(over);
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget || mark());
  document.addEventListener("drop", (event) => {
    const input = zone(event)?.querySelector("input[type=file]");
    mark();
    if (!input) return;
    input.files = event.dataTransfer.files;
    input.form.requestSubmit();
  });
})();
