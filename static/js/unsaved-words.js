// Whoever leaves a page of the desk with words that are not saved is asked first. Sending them is no leaving, nor is a
// link that opens the phone or the mail, nor one that says "without saving".
(() => {
  const WORDS = "textarea, input:not([type=password], [type=checkbox], [type=radio], [type=hidden])";
  const forms = [...document.querySelectorAll("#content form[method=post]:not([role=search])")];
  const content = document.getElementById("content");
  // Filled in again after a sign-in, or come back with an error: what stands there is saved nowhere.
  const isFilledAgain = document.querySelector("[data-unsaved]") !== null;
  const hasErrors = content?.querySelector(".errors-box, .errornote") != null;
  let sent = null; // the form that was sent last
  let isMeant = false;

  const fields = (form, kind) => [...form.elements].filter((field) => field.matches(kind));
  const isUnsaved = (form) =>
    fields(form, WORDS).some((field) => field.value !== field.defaultValue) ||
    (hasErrors && fields(form, "textarea").some((field) => field.value.trim()));

  addEventListener("submit", (event) => { sent = event.target; });
  addEventListener("input", () => { sent = null; });
  addEventListener("pageshow", () => { sent = null; });
  addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    isMeant = link !== null && (!link.protocol.startsWith("http") || link.matches(".leave"));
  });
  addEventListener("beforeunload", (event) => {
    const isOver = isMeant || (isFilledAgain && forms.includes(sent));
    isMeant = false;
    if (!isOver && (isFilledAgain || forms.some((form) => form !== sent && isUnsaved(form)))) event.preventDefault();
  });
})();
