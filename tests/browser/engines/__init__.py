"""One way to drive Chromium, Firefox and WebKit, so that a browser test is written once."""
