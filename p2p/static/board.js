// A drop sends what its column stands for to the card's address, which answers with the card in its place; a drop zone puts
// it back and presses its key. No poll while a card is on its way.
(() => {
  const drops = document.getElementById("drops"), act = document.getElementById("act");
  const dragging = () => !drops.hidden;
  let home = null, moving = 0;

  const board = () => document.getElementById("board");
  const putBack = (card) => home?.list.insertBefore(card, home.next);
  const put = (card, list) => {
    if (list.dataset.value === undefined) return putBack(card);
    const values = { version: card.dataset.version, [board().dataset.field]: list.dataset.value };
    htmx.ajax("POST", card.querySelector("h3 a").href, { source: act, target: board(), swap: "outerMorph", values });
  };
  document.addEventListener("put", ({ detail: { card, list } }) => ((home = null), put(card, list)));

  const ended = ({ item: card, to, from, originalEvent }) => {
    drops.hidden = true;
    if (to === from) return;
    const given = !/dragend|cancel/.test(originalEvent?.type), { drop } = to.dataset;
    if (given && !drop) return put(card, to);
    putBack(card);
    card.querySelector("h3 a").focus();
    if (given) card.querySelector("h3 a").dispatchEvent(new KeyboardEvent("keydown", { key: drop, bubbles: true }));
  };
  const started = ({ item: card, from }) => {
    home = { card, list: from, next: card.nextElementSibling };
    for (const drop of drops.children) drop.hidden = drop.matches("[data-own]") && !card.matches(".own");
    drops.hidden = false;
  };

  // Escape lets go without a drop.
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
    for (const column of document.getElementById("columns").children) {
      const list = column.querySelector(".cards");
      if (!Sortable.get(list) && board().querySelector(".menu, .quick")) new Sortable(list, SHARED);
    }
  };
  for (const drop of drops.children) new Sortable(drop, { group: "board", sort: false });
  arm();

  document.addEventListener("htmx:before:request", (event) => {
    const { ctx } = event.detail;
    if (ctx.sourceElement === act) moving += 1;
    if (ctx.sourceElement !== board()) return;
    const { type, detail } = ctx.sourceEvent ?? {};
    if (dragging() || moving || detail?.shown || (type !== "changed" && document.hidden)) event.preventDefault();
  });
  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
    if (ctx.sourceElement !== act) return;
    moving -= 1;
    if (home?.card && ![200, 409, 422].includes(ctx.response?.status)) putBack(home.card);
    home = null;
  });
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
    if (lines.length) htmx.trigger(document.body, "news");
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
    if ((!link && !way) || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
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
