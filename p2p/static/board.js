// Dragging fills in and submits the card's own form; a drop zone puts the card back and opens the card's own link.
// The board fetches itself, but not under a hand: no poll while a card is dragged, and open menus are left as they are.
(() => {
  const drops = document.getElementById("drops");
  const dragging = () => !drops.hidden;
  let home = null;

  const board = () => document.getElementById("board");
  const putBack = (card) => home.list.insertBefore(card, home.next);
  const submit = (card, list) => {
    const form = card.querySelector(".menu > form");
    form.elements.namedItem(board().dataset.field).value = list.dataset.value;
    form.requestSubmit();
  };

  const ended = ({ item: card, to, from, originalEvent }) => {
    drops.hidden = true;
    if (to === from) return;
    const given = !/dragend|cancel/.test(originalEvent?.type), { drop } = to.dataset;
    if (given && !drop) return submit(card, to);
    putBack(card);
    card.querySelector("h3 a").focus();
    if (given) card.querySelector(`[data-key="${drop}"]`)?.click();
  };
  const started = ({ item: card, from }) => {
    home = { list: from, next: card.nextElementSibling };
    for (const drop of drops.children) drop.hidden = !card.querySelector(`[data-key="${drop.dataset.drop}"]`);
    drops.hidden = false;
  };

  // Escape lets go without a drop; so would the browser beside a list, where the card may well be let go.
  document.addEventListener("dragover", (event) => dragging() && event.preventDefault());
  document.addEventListener("keydown", (event) => {
    if (!dragging() || event.key !== "Escape") return;
    event.stopImmediatePropagation();
    document.dispatchEvent(new PointerEvent("pointercancel"));
  }, true);

  // The browser's own dragging begins under no finger and no pen.
  document.addEventListener("pointerdown", ({ target, pointerType }) => {
    const list = target.closest?.(".cards"), sorts = list && Sortable.get(list);
    if (sorts) sorts.nativeDraggable = pointerType === "mouse";
  }, true);
  const SHARED = { group: "board", sort: false, animation: 0, delay: 180, delayOnTouchOnly: true, touchStartThreshold: 5, onStart: started, onEnd: ended,
    filter: ".menu", preventOnFilter: false, draggable: ".card", scrollSensitivity: 80, emptyInsertThreshold: 40 };
  const arm = () => {
    for (const list of document.querySelectorAll("#board .cards"))
      if (!Sortable.get(list) && list.closest("#board").querySelector(".menu, .quick")) new Sortable(list, SHARED);
  };
  for (const drop of drops.children) new Sortable(drop, { group: "board", sort: false });
  arm();

  const hold = (event) => {
    const { sourceElement, sourceEvent } = event.detail.ctx;
    // What is open, typed into or focused survives: the morph leaves open details alone.
    if (sourceElement === board() && (dragging() || (document.hidden && sourceEvent?.type !== "changed"))) event.preventDefault();
  };
  document.addEventListener("htmx:before:request", hold);
  document.addEventListener("htmx:before:swap", hold);

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

  // What colleagues did shows on the cards it is about, until the board is drawn anew.
  const news = document.getElementById("news");
  new MutationObserver(() => {
    const lines = news.querySelectorAll("[data-cards]");
    for (const line of lines)
      for (const id of line.dataset.cards.split(" ")) {
        const card = document.getElementById(`card-${id}`);
        if (card) (card.classList.add("fresh"), (card.title = line.textContent));
      }
    if (lines.length) document.body.dispatchEvent(new CustomEvent("news"));
  }).observe(news, { childList: true });

  // A card opened beside the board: its link fills the sheet, which follows the selection until it is closed.
  const sheet = document.getElementById("sheet");
  const shown = () => document.getElementById(sheet.querySelector("article")?.id.replace("sheet", "card"));
  const open = (link) => {
    sheet.hidden = false;
    htmx.ajax("GET", link.href, { source: sheet, target: sheet, swap: "innerHTML" });
  };
  const close = () => {
    const card = shown() ?? document.querySelector(".card"), way = sheet.querySelector("header [data-close]");
    if (way) history.replaceState(history.state, "", way.href);
    sheet.hidden = true;
    sheet.replaceChildren();
    card?.querySelector("h3 a").focus();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("#board h3 a"), way = event.target.closest("#sheet header [data-close]");
    if ((!link && !way) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (way) return close();
    // By key a second time: into what is open already.
    if (!event.detail && link.closest(".card") === shown()) sheet.querySelector("[tabindex]").focus();
    else open(link);
  });
  document.addEventListener("focusin", ({ target }) => {
    if (!sheet.hidden && target.matches("#board h3 a") && target.closest(".card") !== shown()) open(target);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || sheet.hidden || document.querySelector("dialog[open]")) return;
    if (event.target.matches("input, select, textarea")) return sheet.contains(event.target) && sheet.querySelector("[tabindex]").focus();
    close();
  });
})();
