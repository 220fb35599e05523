// Dragging fills in and submits the card's own form; a drop zone puts the card back and opens the card's own link.
// The board fetches itself, but not under a hand: no poll while a card is dragged, and open menus are left as they are.
(() => {
  const drops = document.getElementById("drops");
  let dragging = false, home = null;

  const board = () => document.getElementById("board");
  const putBack = (card) => home.list.insertBefore(card, home.next);
  const submit = (card, list) => {
    const form = card.querySelector(".menu > form");
    form.elements.namedItem(board().dataset.field).value = list.dataset.value;
    form.requestSubmit();
  };

  const ended = ({ item: card, to, from }) => {
    dragging = false;
    drops.hidden = true;
    document.body.classList.remove("dragging");
    if (to === from) return;
    if (!to.dataset.drop) return submit(card, to);
    putBack(card);
    card.querySelector("h3 a").focus();
    card.querySelector(`[data-key="${to.dataset.drop}"]`)?.click();
  };
  const started = ({ item: card, from }) => {
    dragging = true;
    home = { list: from, next: card.nextElementSibling };
    for (const drop of drops.children) drop.hidden = !card.querySelector(`[data-key="${drop.dataset.drop}"]`);
    drops.hidden = false;
    document.body.classList.add("dragging");
  };

  const SHARED = { group: "board", sort: false, animation: 0, delay: 180, delayOnTouchOnly: true, touchStartThreshold: 5, onStart: started, onEnd: ended,
    filter: ".menu", preventOnFilter: false, draggable: ".card", scrollSensitivity: 80, emptyInsertThreshold: 40 };
  const arm = () => {
    for (const list of document.querySelectorAll("#board .cards"))
      if (!Sortable.get(list) && list.closest("#board").querySelector(".menu, .quick")) new Sortable(list, SHARED);
  };
  for (const drop of drops.children) new Sortable(drop, { group: "board", sort: false });
  arm();

  document.addEventListener("htmx:before:request", (event) => {
    const { ctx } = event.detail;
    if (ctx.sourceElement !== board()) return;
    // What is open, typed into or focused survives: the morph leaves open details alone.
    const poll = ctx.sourceEvent?.type !== "changed";
    if (dragging || (poll && document.hidden)) event.preventDefault();
  });

  // After an answer a card's form shows what the server says, not what a drag had filled in.
  document.addEventListener("htmx:finally:request", ({ target, detail }) => {
    const form = target.closest?.(".menu > form");
    if (!form) return;
    const status = detail.ctx.response?.status;
    if (status === 422) return form.elements.namedItem("probability").focus();
    form.reset();
    if (status < 400) form.parentElement.open = false;
    else if (home && !detail.ctx.response) putBack(form.closest(".card"));
    home = null;
  });
  document.addEventListener("changed", ({ target }) => target.closest?.(".menu")?.removeAttribute("open"));
  document.addEventListener("htmx:after:swap", arm);
})();
