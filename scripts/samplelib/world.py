"""The world behind samples/: three domains, who sends as them on each of ninety days, and how that mail fares."""

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

FIRST_DAY = date(2026, 4, 2)
DAYS = [FIRST_DAY + timedelta(n) for n in range(90)]  # to 2026-06-30
KEY_BREAKS = date(2026, 6, 12)
WAVE = (date(2026, 5, 18), date(2026, 5, 24))
POLICY_MOVES = date(2026, 5, 16)
TESTING_ENDS = date(2026, 6, 1)
SILENT_DAYS = (date(2026, 5, 9), date(2026, 5, 10), date(2026, 6, 14))  # example.org: nobody reports
SERVICES = {"sendgrid.net": "Twilio SendGrid", "mcsv.net": "Mailchimp", "mailchimpapp.net": "Mailchimp"}


def dice(*key):
    """A generator of its own for each thing, so that a change in one place leaves all others as they were."""
    return random.Random("dmarcq samples 1:" + ":".join(str(k) for k in key)).random


@dataclass
class Record:
    """What a report says of some messages; the fields are those of the report, None where it is missing."""
    ip: str
    count: int
    header_from: str
    envelope_from: str = None
    envelope_to: str = None
    disposition: str = "none"
    dkim: str = "fail"  # aligned verdicts
    spf: str = "fail"
    reasons: list = field(default_factory=list)  # (type, comment)
    dkim_results: list = field(default_factory=list)  # (domain, selector, result, human_result)
    spf_results: list = field(default_factory=list)  # (domain, scope, result, human_result)
    sender: str = None  # which sender of the world

    def outcome(self):
        verdicts = (self.dkim, self.spf)
        return "pass" if "pass" in verdicts else "unknown" if None in verdicts else "fail"


@dataclass
class Sender:
    name: str
    domain: str
    ips: tuple
    volume: object  # function of the day
    header_from: str
    envelope: str
    spf_result: str
    signatures: object  # function of the day: [(domain, selector, result, human_result)]


def organisation(domain):
    return ".".join(domain.split(".")[-2:])


def own(domain, selector):
    return [(domain, selector, "pass", None)]


def weekday(base, weekend=0.35):
    return lambda day: base * (weekend if day.weekday() > 4 else 1.0)


def on_days(amount, test):
    return lambda day: amount if test(day) else 0


def month_end(day):
    return (day + timedelta(1)).day == 1


def in_wave(day):
    return WAVE[0] <= day <= WAVE[1]


def app_signatures(day):
    if day < KEY_BREAKS:
        return own("example.net", "app2024")
    return [("example.net", "app2024", "fail", "signature did not verify")]


def both_keys(day):
    return [("example.com", "s2026", "pass", None), ("example.com", "e2026", "neutral", "unknown key type ed25519")]


def mailchimp(domain):
    return lambda day: [(domain, "k2", "pass", None), ("mailchimpapp.net", "k1", "pass", None)]


def net(prefix, numbers):
    return tuple(f"{prefix}{n}" for n in numbers)


WAVE_IPS = net("203.0.113.", range(64, 124)) + net("2001:db8:bad:1::", range(1, 9))
DRIP_IPS = tuple(f"2001:db8:bad:{n:x}::25" for n in range(16, 40))
BROKEN = "body hash did not verify"


def signed(domain, selector):
    return lambda day: own(domain, selector)


SENDERS = [
    Sender("own servers", "example.com", ("192.0.2.10", "192.0.2.11", "2001:db8:10::25"), weekday(2000),
           "example.com", "example.com", "pass", both_keys),
    Sender("invoices", "example.com", ("192.0.2.77",), on_days(3000, month_end),
           "invoices.example.com", "invoices.example.com", "pass", lambda day: []),
    Sender("newsletter", "example.com", net("198.51.100.", range(20, 24)),
           on_days(7000, lambda day: day.weekday() in (1, 3)),
           "news.example.com", "mail20.mcsv.net", "pass", mailchimp("example.com")),
    Sender("shop mail", "example.com", net("198.51.100.", range(60, 63)), weekday(320, 0.8),
           "example.com", "bounces.sendgrid.net", "pass", signed("sendgrid.net", "smtpapi")),
    Sender("plain forwarders", "example.com", net("198.51.100.", range(130, 142)), weekday(70),
           "example.com", "example.com", "fail", signed("example.com", "s2026")),
    Sender("rewriting forwarder", "example.com", ("198.51.100.150",), weekday(40),
           "example.com", "srs.forwarder.example", "pass", signed("example.com", "s2026")),
    Sender("mailing list", "example.com", ("203.0.113.25", "2001:db8:25::25"), weekday(45, 0.6),
           "example.com", "lists.community.example", "pass",
           lambda day: [("example.com", "s2026", "fail", BROKEN)]),
    Sender("spoofing wave", "example.com", WAVE_IPS, on_days(7000, in_wave),
           "example.com", "example.com", "fail", lambda day: []),
    Sender("spoofing drip", "example.com", DRIP_IPS, weekday(18, 1.0),
           "example.com", "junk.example", "none", lambda day: []),
    Sender("own servers", "example.net", ("192.0.2.20", "192.0.2.21"), weekday(700),
           "example.net", "bounce.example.net", "pass", signed("example.net", "mx1")),
    Sender("newsletter", "example.net", net("198.51.100.", range(24, 26)),
           on_days(1500, lambda day: day.weekday() == 2),
           "example.net", "mail20.mcsv.net", "pass", mailchimp("example.net")),
    Sender("application", "example.net", ("198.51.100.90",), weekday(260, 0.9),
           "app.example.net", "apps.hosting.example", "pass", app_signatures),
    Sender("plain forwarders", "example.net", net("198.51.100.", range(130, 136)), weekday(20),
           "example.net", "bounce.example.net", "softfail", signed("example.net", "mx1")),
    Sender("spoofing drip", "example.net", DRIP_IPS[:8], weekday(9, 1.0),
           "example.net", "junk.example", "none", lambda day: []),
    Sender("own servers", "example.org", ("192.0.2.30",), weekday(110, 0.2),
           "example.org", "example.org", "pass", signed("example.org", "mail")),
    Sender("plain forwarders", "example.org", net("198.51.100.", range(130, 133)), weekday(8),
           "example.org", "example.org", "fail", signed("example.org", "mail")),
    Sender("spoofing wave", "example.org", WAVE_IPS[:20], on_days(420, in_wave),
           "accounts.example.org", "example.org", "fail", lambda day: []),
]


def policy(domain, day):
    """The DMARC record that stood on a day."""
    if domain == "example.com":
        return {"p": "none", "sp": "none", "adkim": "r", "aspf": "r", "pct": "100", "fo": "1"}
    if domain == "example.org":
        return {"p": "reject", "sp": "reject", "np": "reject", "adkim": "s", "aspf": "r", "pct": "100", "fo": "0"}
    if day < POLICY_MOVES:
        return {"p": "none", "adkim": "r", "aspf": "r", "pct": "100", "fo": "0"}
    pct = "50" if day < TESTING_ENDS else "100"
    return {"p": "quarantine", "sp": "quarantine", "np": "reject", "adkim": "r", "aspf": "r", "pct": pct, "fo": "0"}


def aligned(sender, signatures):
    """The two verdicts under relaxed alignment; example.org's strict one makes no difference to its senders."""
    home = organisation(sender.header_from)
    dkim = any(r == "pass" and organisation(d) == home for d, _, r, _ in signatures)
    spf = sender.spf_result == "pass" and organisation(sender.envelope) == home
    return ("pass" if dkim else "fail"), ("pass" if spf else "fail")


def spread(total, parts, roll):
    """Splits a whole number over some of the parts, unevenly."""
    weights = [roll() ** 2 + 0.02 for _ in range(parts)]
    cut = [int(total * w / sum(weights)) for w in weights]
    cut[0] += total - sum(cut)
    return cut


def traffic(domain, day, reporter, share):
    """What one reporter saw of one domain on one day: records without the reporter's own habits."""
    out = []
    for sender in SENDERS:
        if sender.domain != domain:
            continue
        roll = dice(domain, day, reporter, sender.name)
        seen = int(sender.volume(day) * share * (0.7 + 0.6 * roll()) + roll())
        if not seen:
            continue
        signatures = sender.signatures(day)
        dkim, spf = aligned(sender, signatures)
        base = Record("", 0, sender.header_from, sender.envelope, None, "none", dkim, spf, [], signatures,
                      [(sender.envelope, "mfrom", sender.spf_result, None)], sender.name)
        used = 1 + int(roll() * min(len(sender.ips), max(1, seen // 3)) * 0.999)
        first = int(roll() * len(sender.ips))
        ips = [sender.ips[(first + n) % len(sender.ips)] for n in range(min(used, 9))]
        out += [replace(base, ip=ip, count=n) for ip, n in zip(ips, spread(seen, len(ips), roll)) if n]
    return out
