// Where there is a script to empty the page after "Leave this site", Back may keep what was typed. It stands before the
// first field, because browsers fill the fields again while they read them.
document.currentScript.closest("form").autocomplete = "on";
