// "Leave this site", faster than a link: the page is emptied before the browser has moved, and its place in the
// history is taken by the next page. From then on a page of this tab's past that holds typed words or a code leads away
// again as soon as Back or Forward shows it: docs/decisions/0004.
(() => {
  const { leave: address, private: method } = document.currentScript.dataset;
  const root = document.documentElement;

  const go = () => {
    root.style.visibility = "hidden"; // a page that is still being read may grow a body again
    root.replaceChildren();
    location.replace(address);
  };

  // Two numbers of this tab are all that is ever stored. A browser that stores nothing hides less.
  const stored = (name) => {
    try {
      return Number(sessionStorage.getItem(name));
    } catch {
      return 0;
    }
  };
  const store = (name, number) => {
    try {
      sessionStorage.setItem(name, number);
    } catch {}
  };
  const timesLeft = () => stored("left"); // how often this tab has left the site

  const leave = () => {
    store("left", timesLeft() + 1);
    go();
  };

  // Whether a form was sent just now. In a tab that once left, its answer is otherwise taken for one from the past:
  // WebKit calls it new also when it sends the old form again.
  const isAnswer = timesLeft() > 0 && stored("sent") === 1;
  if (isAnswer) store("sent", 0);
  addEventListener("submit", () => {
    if (timesLeft() > 0) store("sent", 1);
  });

  // Each page's place in the history remembers that number as it was when it was first shown there.
  const placeOf = () => {
    const known = window.navigation?.currentEntry?.getState()?.timesLeft ?? history.state?.timesLeft;
    if (known !== undefined) return known;
    const isNavigation = performance.getEntriesByType("navigation")[0]?.type === "navigate";
    const isNew = isNavigation && (method !== "POST" || isAnswer);
    const state = { timesLeft: isNew ? timesLeft() : 0 };
    if (window.navigation?.updateCurrentEntry) navigation.updateCurrentEntry({ state });
    // Not after a POST: its place would become a GET, and loading it again would lose the private code.
    else if (method !== "POST") history.replaceState(state, "");
    return state.timesLeft;
  };
  const place = placeOf();
  const isPast = () => place < timesLeft();

  if (method && isPast()) go();
  addEventListener("pagehide", () => {
    if (method) root.style.visibility = "hidden"; // or a kept page would be seen before it is decided on
  });
  addEventListener("pageshow", (event) => {
    if (method && isPast()) return go();
    root.style.visibility = "";
    if (event.persisted && isPast()) for (const form of document.forms) form.reset(); // the search box
  });

  addEventListener("click", (event) => {
    if (!event.target.closest("a[data-leave]")) return;
    event.preventDefault();
    leave();
  });

  // Three presses of Shift and nothing else, on keys that can be felt: an on-screen keyboard names no such key, and
  // tells of its capitals and symbols as Shift. Not within two seconds of a letter, or writing would lead away.
  const WITHIN = 2000; // milliseconds
  let presses = [];
  let typedAt = -WITHIN;
  const startAgain = () => (presses = []);

  addEventListener("input", (event) => (typedAt = event.timeStamp), true);
  addEventListener("pointerdown", startAgain, true);
  addEventListener("wheel", startAgain, { passive: true });
  addEventListener("keydown", (event) => {
    if (event.repeat) return;
    const isShift = event.isTrusted && /^Shift(Left|Right)$/.test(event.code);
    const isAlone = !event.ctrlKey && !event.altKey && !event.metaKey && !event.isComposing;
    if (!isShift || !isAlone || event.timeStamp - typedAt < WITHIN) return startAgain();
    presses = [...presses, event.timeStamp].slice(-3);
    if (presses.length === 3 && event.timeStamp - presses[0] <= WITHIN) leave();
  });
})();
