// The box that finds everything: what the server offers below it is walked with arrows while the focus stays in the box.
(() => {
  const box = document.getElementById("find"), list = () => document.getElementById("found");
  let from; // what held the focus before

  const choose = (option) => {
    for (const each of list().querySelectorAll("[role=option]")) each.setAttribute("aria-selected", each === option);
    box.setAttribute("aria-activedescendant", option?.id ?? "");
    option?.scrollIntoView({ block: "nearest" });
  };
  const show = (yes) => {
    list().hidden = !yes;
    box.setAttribute("aria-expanded", yes);
    choose();
  };
  box.addEventListener("keydown", (event) => {
    const all = [...list().querySelectorAll("[role=option]")], at = all.findIndex((each) => each.ariaSelected === "true");
    const step = { ArrowDown: at + 1, ArrowUp: at < 1 ? -1 : at - 1 }[event.key];
    if (event.key === "Escape") {
      if (list().hidden) box.value = "";
      show(false);
      box.blur();
      from?.focus();
    } else if (step !== undefined && all.length) {
      if (list().hidden) show(true);
      choose(all.at(step % all.length));
    } else if (event.key === "Enter" && at >= 0) all[at].click();
    else return;
    event.preventDefault();
  });
  box.addEventListener("focus", (event) => { from = event.relatedTarget; });
  document.addEventListener("focusin", ({ target }) => box.form.contains(target) || show(false));
  document.addEventListener("click", ({ target }) => box.form.contains(target) || show(false));
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    if (ctx.sourceElement !== box.form) return;
    show(Boolean(box.value) && document.activeElement === box);
    document.getElementById("find-says").textContent = list().dataset.says;
  });
})();
