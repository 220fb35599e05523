// Keys press what is on the page: [data-key] inside the selected card, its column, or anywhere. The card's link holds the focus,
// so that it can be read out and opened with Enter. After an action the selection goes to the next card.
(() => {
  const selected = () => document.activeElement?.closest(".card");
  const linkOf = (card) => card?.querySelector("h3 a");
  const menuOf = (card) => card?.querySelector(".menu");
  const select = (card) => {
    linkOf(card)?.focus({ preventScroll: true });
    card?.scrollIntoView({ block: "nearest", inline: "nearest" });
    return card;
  };
  const columns = () => [...document.querySelectorAll(".cards")];
  const within = (scope, key) => [...(scope?.querySelectorAll(`[data-key="${CSS.escape(key)}"]`) ?? [])];
  // Not a neighbouring card's; what a page offers goes before what a toast does.
  const outside = (scope, key) => {
    const found = within(scope, key).filter((item) => !item.closest(".card"));
    return found.find((item) => !item.closest("#toast")) ?? found[0];
  };

  let last = []; // ids: the card selected last and, should it be gone, those that stood beside it
  let after = null; // ids to try, in order, once the action under way has changed something

  const neighbours = (card) => [card.nextElementSibling, card.previousElementSibling, beside(card, 1), beside(card, -1), card].map((item) => item?.id);
  const settle = (ids) => ids.map((id) => document.getElementById(id)).find(select);

  const WALK = {
    ArrowDown: (card) => card.nextElementSibling,
    ArrowUp: (card) => card.previousElementSibling,
    ArrowRight: (card) => beside(card, 1),
    ArrowLeft: (card) => beside(card, -1),
  };
  const beside = (card, step) => {
    const row = [...card.parentElement.children].indexOf(card), lists = columns().filter((list) => list.children.length);
    const list = lists[lists.indexOf(card.parentElement) + step];
    return list?.children[Math.min(row, list.children.length - 1)];
  };

  const make = (tag, facts) => Object.assign(document.createElement(tag), facts);
  const tell = (textContent) => document.getElementById("news").replaceChildren(make("p", { className: "hidden-label", textContent }));
  const move = (card, step) => {
    const list = columns()[columns().indexOf(card.parentElement) + step];
    if (!menuOf(card)) return;
    if (list?.dataset.value === undefined) return tell(list ? "No card can be put there." : `This is the ${step > 0 ? "last" : "first"} column.`);
    after = neighbours(card);
    htmx.trigger(document, "put", { card, list });
  };

  // Several cards at once: the bar's form names them, and its buttons answer to keys while any is chosen.
  const bar = document.getElementById("chosen"), chosen = new Set();
  const mark = (told) => {
    for (const id of chosen) if (!document.getElementById(id)) chosen.delete(id);
    if (!bar || (bar.hidden && !chosen.size)) return;
    const [count, fields] = bar.children, name = bar.dataset.name;
    fields.replaceChildren();
    for (const card of document.querySelectorAll(".card")) {
      const on = card.classList.toggle("chosen", chosen.has(card.id));
      linkOf(card).ariaDescription = on ? "selected" : null;
      if (on) fields.append(make("input", { type: "hidden", name, value: `${card.id.slice(5)}:${card.dataset.version}` }));
    }
    bar.hidden = !chosen.size;
    count.textContent = `${chosen.size} selected`;
    if (told) tell(count.textContent);
  };
  const toggle = (id) => (id ? chosen.delete(id) || chosen.add(id) : chosen.clear(), mark(true));

  const press = (control, card) => {
    const drawer = control.closest("details");
    if (card) after = neighbours(card);
    if (!control.matches("summary, input, select")) return control.click();
    if (drawer) drawer.open = true;
    const field = control.matches("summary") ? drawer.querySelector("form :is(input:not([type=hidden]), select)") ?? control : control;
    field.focus();
    field.select?.();
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const typing = event.target.closest?.("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]");
    const drawer = event.target.closest?.("details[open]");
    if (event.key === "Escape" && drawer) {
      drawer.querySelector("form")?.reset();
      drawer.open = false;
      after = null;
      event.preventDefault();
      return settle(last) ?? drawer.querySelector("summary").focus();
    }
    if (typing) return;
    if (event.key === "Escape" && chosen.size) return (event.preventDefault(), toggle(), selected() || settle(last));
    const card = selected(), known = document.getElementById(last[0]);
    if (WALK[event.key]) {
      if (!columns().length || (!card && !document.activeElement.matches("body, main"))) return;
      const next = card ? WALK[event.key](card) : known ?? document.querySelector(".card");
      if (next && card && event.shiftKey && bar) (chosen.add(card.id).add(next.id), mark(true));
      if (next) select(next);
      return event.preventDefault();
    }
    const current = card ?? known;
    if (bar && current && event.key === "x") return toggle(current.id);
    const all = chosen.size && bar.querySelector(event.key === "b" ? "[data-all]" : `[data-all="${CSS.escape(event.key)}"]`);
    if (all) return (event.preventDefault(), event.key === "b" ? all.focus() : bar.requestSubmit(all));
    if (event.key === "<" || event.key === ">") return current && move(current, event.key === ">" ? 1 : -1);
    if (event.key.length !== 1 || event.key === " ") return;
    const [inCard] = within(current, event.key), menu = menuOf(current);
    if (!inCard && menu && document.getElementById("board").dataset.menu.includes(event.key)) {
      event.preventDefault();
      after = neighbours(current);
      return htmx.trigger(document, "ask", `${menu.href}?key=${event.key}`);
    }
    const control = inCard ?? outside(current?.closest(".column"), event.key) ?? outside(document, event.key);
    if (!control) return;
    event.preventDefault();
    press(control, inCard && current);
  });

  document.addEventListener("focusin", () => {
    const card = selected();
    if (card) last = [card.id, ...neighbours(card)];
  });
  // While any card is selected, a tap or a click on another selects it, too.
  document.addEventListener("click", (event) => {
    const { target } = event, card = target.closest(".card"), pick = target.closest("[data-pick]");
    if (pick) toggle(pick.dataset.pick);
    else if (!card || event.defaultPrevented || target.closest("button")) return;
    else if (chosen.size && event.detail) (event.preventDefault(), toggle(card.id));
    else if (!target.closest("a")) select(card);
  });

  // The answer to an earlier action may come while the next is under way: only its own change ends it.
  document.addEventListener("changed", ({ target }) => {
    if (target.closest?.("#bulk")) chosen.clear();
    if (!after || target.closest?.("form[data-again]")) return;
    settle(after);
    after = null;
  });
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    if (ctx.target?.id !== "board") return;
    mark();
    if (document.activeElement === document.body) settle(after ?? last);
    if (ctx.response?.status >= 400) after = null;
  });
  document.getElementById("dialog").addEventListener("close", () => {
    after = null;
    if (document.activeElement === document.body) settle(last);
  });
})();
