// Over plain http WebKit keeps a page although it is not to be stored: after a sign-out Back would show the people on it.
// So a page of the desk hides when it is left, and one that comes back as it was is asked for anew.
addEventListener("pagehide", () => { document.documentElement.hidden = true; });
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
