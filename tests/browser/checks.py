"""What must hold on every page, asked of the page itself; each check returns what is wrong, in words."""

from axe_playwright_python.sync_playwright import Axe

LOAD_AXE = f"() => {{ if (!('axe' in window)) {{ {Axe().axe_script} }} }}"
RUN_AXE = "options => axe.run(options).then(results => results.violations)"
VIOLATIONS_ALONE = {"preload": False, "resultTypes": ["violations"]}  # what passed is a megabyte on a long page

# Stylesheets made by script are the one way past a policy that allows nothing inline.
ADD_STYLE = """css => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""
TEXT_SPACING = """
    * { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
    p { margin-block-end: 2em !important; }
"""

OVERFLOW = """() => {
    const wide = document.documentElement.scrollWidth, view = document.documentElement.clientWidth;
    if (wide <= view) return [];
    const past = [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > view + 1);
    return [`${wide}px in ${view}px: ` + past.slice(0, 3).map(e => e.outerHTML.slice(0, 90)).join(' | ')];
}"""

IDS = """() => {
    const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
    const wrong = ids.filter((id, place) => ids.indexOf(id) !== place).map(id => `twice: ${id}`);
    for (const name of ['for', 'aria-describedby', 'aria-labelledby', 'aria-controls'])
        for (const e of document.querySelectorAll(`[${name}]`))
            for (const id of e.getAttribute(name).split(/\\s+/))
                if (!document.getElementById(id)) wrong.push(`${name} leads nowhere: ${id}`);
    for (const link of document.querySelectorAll('a[href^="#"]')) {
        const id = decodeURIComponent(link.getAttribute('href').slice(1));
        if (id && !document.getElementById(id)) wrong.push(`link leads nowhere: #${id}`);
    }
    return wrong;
}"""

HEADINGS = """() => {
    const levels = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')]
        .filter(e => e.checkVisibility()).map(e => [Number(e.tagName[1]), e.textContent.trim()]);
    const wrong = [];
    if (levels.filter(([level]) => level === 1).length !== 1) wrong.push('not exactly one h1');
    levels.forEach(([level, text], place) => {
        if (place && level > levels[place - 1][0] + 1) wrong.push(`skips to h${level}: ${text}`);
        if (!text) wrong.push(`an empty h${level}`);
    });
    return wrong;
}"""

# Links within a sentence are exempt (WCAG 2.5.8); everything else is 24 px at the least, and controls 44.
TARGETS = """() => {
    const wrong = [];
    for (const e of document.querySelectorAll('a[href], button, input, select, textarea, summary')) {
        if (!e.checkVisibility() || e.type === 'hidden' || e.closest('.trap, .visually-hidden, .skip-link')) continue;
        const label = e.closest('.choice');
        const box = (label || e).getBoundingClientRect();
        const inText = e.tagName === 'A' && e.closest('p, dd, li, td, figcaption, label') &&
            getComputedStyle(e).display === 'inline';
        const isControl = e.tagName !== 'A' || e.matches('.button, [class*=button], .crisis-strip a');
        const least = isControl ? 44 : 24;
        if (!inText && (box.height < least - .5 || box.width < 24 - .5))
            wrong.push(`${Math.round(box.width)}x${Math.round(box.height)} < ${least}: ${e.outerHTML.slice(0, 90)}`);
    }
    return wrong;
}"""

CLIPPED = """() => [...document.querySelectorAll('main *')].filter(e => {
    const style = getComputedStyle(e);
    return e.checkVisibility() && !e.closest('svg, .visually-hidden, .trap, textarea') &&
        ['hidden', 'clip'].includes(style.overflowY) && e.scrollHeight > e.clientHeight + 1;
}).map(e => `cut off: ${e.outerHTML.slice(0, 90)}`)"""


def add_style(page, css: str):
    page.evaluate(ADD_STYLE, css)


def axe(page, **options) -> list[str]:
    """Return the violations that axe finds, best practices included."""
    page.wait_for_load_state()
    page.evaluate(LOAD_AXE)
    return [
        f"{violation['id']}: {node['html'][:120]} {node['failureSummary'][:300]}"
        for violation in page.evaluate(RUN_AXE, VIOLATIONS_ALONE | options)
        for node in violation["nodes"]
    ]


def manners(page, ear, expected_messages=()) -> list[str]:
    """Return what the page said to the console, asked of other hosts, or kept."""
    said = [text for text in ear.messages if not any(part in text for part in expected_messages)]
    kept = [cookie["name"] for cookie in page.context.cookies()]
    stored = page.evaluate("() => localStorage.length + sessionStorage.length")
    return (
        said
        + [f"asked {url}" for url in ear.foreign]
        + [f"cookie {name}" for name in kept]
        + (["stored"] if stored else [])
    )


def structure(page) -> list[str]:
    """Return what is wrong with ids, headings and targets."""
    page.wait_for_load_state()  # a click is over once the next page has begun to arrive
    return [*page.evaluate(IDS), *page.evaluate(HEADINGS), *page.evaluate(TARGETS)]


def overflow(page) -> list[str]:
    return page.evaluate(OVERFLOW)


def clipped(page) -> list[str]:
    return page.evaluate(CLIPPED)
