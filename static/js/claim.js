// Pressing the number or address claims the case like the button beside it, before the phone dials: colleagues see who
// calls. Where somebody else has it in hand, the page that tells it comes instead; without an answer the phone dials.
(() => {
  const ANSWER_WITHIN = 3000; // milliseconds

  const claim = async (link) => {
    const form = [...document.forms].find((one) => one.action === new URL(link.dataset.claim, location).href);
    if (!form) return true;
    const options = { method: "POST", body: new FormData(form), redirect: "manual", signal: AbortSignal.timeout(ANSWER_WITHIN) };
    const { status } = await fetch(form.action, options).catch(() => ({ status: 0 }));
    if (status === 409) form.requestSubmit();
    return status !== 409;
  };

  addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-claim]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (await claim(link)) location.href = link.href;
  });
})();
