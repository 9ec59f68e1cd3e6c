// "Leave this site", faster than a link: the page is hidden before the browser has moved, and its place in the
// history is taken by the next page. Shift pressed three times within five seconds does the same.
(() => {
  const link = document.querySelector("a[data-leave]");
  if (!link) return;

  const leave = () => {
    document.documentElement.hidden = true;
    document.title = " ";
    location.replace(link.href);
  };

  addEventListener("click", (event) => {
    if (!event.target.closest("a[data-leave]")) return;
    event.preventDefault();
    leave();
  });

  let presses = [];
  addEventListener("keydown", (event) => {
    if (event.repeat) return;
    presses = event.key === "Shift" ? [...presses, event.timeStamp].slice(-3) : [];
    if (presses.length === 3 && event.timeStamp - presses[0] <= 5000) leave();
  });
})();
