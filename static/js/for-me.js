// Keeps how many of one's own inquiries wait in the bar and, so that it is seen from another tab, in the title. Asking
// prolongs no session; once that has ended the number is taken away, as nobody knows it any more.
(() => {
  const EVERY = 60 * 1000; // milliseconds
  const link = document.querySelector("[data-for-me]");
  if (!link) return;
  const number = link.querySelector("[role=status]");
  const title = document.title;

  const show = (count) => {
    if (number.textContent !== count) number.textContent = count;
    link.hidden = count === "" || count === "0";
    document.title = link.hidden ? title : `(${count}) ${title}`;
  };

  const renew = async () => {
    const answer = await fetch(link.dataset.forMe, { redirect: "manual" }).catch(() => null);
    if (answer?.ok) show(await answer.text());
    if (answer?.status !== 403) return;
    clearInterval(timer);
    show("");
  };

  const timer = setInterval(renew, EVERY);
  show(number.textContent);
})();
