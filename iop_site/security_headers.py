"""What every answer carries, beside what Django's own settings add: docs/decisions/0005-headers-in-one-place.md."""

# JSON-LD is data, not script, and is not stopped by this policy. Nothing inline, nothing from another host.
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), "
        "usb=(), browsing-topics=(), interest-cohort=()"
    ),
    "X-Permitted-Cross-Domain-Policies": "none",
}
