"""The worked domains behind samples/advice: one story each, a hundred days, and what advice must make of it."""

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from . import render
from .packing import gz
from .reporters import DAY, Report, digits, seconds
from .world import Record, organisation, spread

LAST_DAY = date(2026, 6, 30)
DAYS = [LAST_DAY - timedelta(99 - n) for n in range(100)]
WINDOW = DAYS[-28:]
POLICY = ("adkim", "aspf", "p", "sp", "np", "pct")
STYLE = {"policy": POLICY, "indent": "", "declaration": '<?xml version="1.0"?>'}
# organisation, mail, share of the mail
REPORTERS = (("google.com", "noreply-dmarc-support@google.com", 0.45), ("Yahoo", "dmarchelp@yahooinc.com", 0.2),
             ("Outlook.com", "dmarcreport@microsoft.com", 0.2), ("postbox.example", "dmarc@postbox.example", 0.15))


def dice(*key):
    return random.Random("dmarcq advice samples 1:" + ":".join(map(str, key))).random


@dataclass
class Sender:
    """Mail of one kind. pot: what it is in truth. dkim and spf: results as functions of the day."""
    ips: tuple
    volume: object
    pot: str = "legitimate"
    envelope: str = None  # None: the domain itself
    name: str = None  # header_from; None: the domain itself
    spf: str = "pass"
    dkim: object = None  # function of domain and day: [(d, selector, result, human)]
    reasons: tuple = ()


@dataclass
class Domain:
    name: str
    story: str
    policy: object  # function of the day
    senders: tuple
    verdict: str
    to: str = None
    codes: tuple = ()  # what stands in the way
    reporters: tuple = REPORTERS
    parked: bool = False
    poison: tuple = field(default_factory=tuple)  # senders that only one more reporter tells of


def steady(base, weekend=0.6):
    return lambda day: base * (weekend if day.weekday() > 4 else 1.0)


def on(amount, test):
    return lambda day: amount if test(day) else 0


def own_key(selector="mx1"):
    return lambda domain, day: [(domain, selector, "pass", None)]


def with_key(service, selector="k1"):
    """Signed by the domain's own key at a service, and by the service."""
    return lambda domain, day: [(domain, selector, "pass", None), (service, "s1", "pass", None)]


def service_key(service):
    return lambda domain, day: [(service, "s1", "pass", None)]


def no_key(domain, day):
    return []


def broken_since(first, selector):
    return lambda domain, day: [(domain, selector, "pass", None) if day < first
                                else (domain, selector, "fail", "signature did not verify")]


def broken_body(selector="mx1"):
    return lambda domain, day: [(domain, selector, "fail", "body hash did not verify")]


def net(prefix, count, first=1):
    return tuple(f"{prefix}{n}" for n in range(first, first + count))


def servers(base, weekend=0.6):
    return Sender(net("192.0.2.", 2, 10), steady(base, weekend), dkim=own_key())


def forwarders(base):
    return Sender(net("198.51.100.", 8, 130), steady(base), spf="fail", dkim=own_key())


def newsletter(amount):
    return Sender(net("198.51.100.", 3, 20), on(amount, lambda day: day.weekday() in (1, 3)), envelope="mail20.mcsv.net",
                  dkim=with_key("mailchimpapp.net", "k2"))


def service(envelope, key, amount, first, aligned=True, **more):
    return Sender(net("198.51.100.", 2, first), steady(amount, 0.8), envelope=envelope,
                  dkim=with_key(key) if aligned else service_key(key), **more)


def forged(amount, ips=6):
    return Sender(net("203.0.113.", ips, 64), steady(amount, 1.0), pot="spoofed", spf="fail", dkim=no_key)


def none(day):
    return {"p": "none"}


def quarantine(day):
    return {"p": "quarantine"}


def reject(day):
    return {"p": "reject"}


def wave(day):
    return date(2026, 6, 8) <= day <= date(2026, 6, 17)


KEY_BREAKS = date(2026, 6, 12)
BREAKS_AT_REJECT = date(2026, 6, 25)
APPLICATION = ("198.51.100.90",)
HEALTHY_FOUR = (servers(300), service("bounce.amazonses.com", "amazonses.com", 250, 30),
                service("pm.mtasv.net", "pm.mtasv.net", 200, 34), service("mail.zendesk.com", "zendesk.com", 150, 38),
                forwarders(20))

DOMAINS = (
    Domain("ready.example", "everything is signed; some mail is forwarded, a little is forged", none,
           (servers(400), newsletter(900), forwarders(30), forged(12)), "READY", "quarantine"),
    Domain("next.example", "at quarantine for a hundred days, four senders, all signed", quarantine,
           HEALTHY_FOUR + (forged(15),), "READY", "reject"),
    Domain("shop.example", "shop mail through Twilio SendGrid, which nobody ever aligned", none,
           (servers(500), service("bounces.sendgrid.net", "sendgrid.net", 60, 60, aligned=False), forged(10)),
           "NOT YET", "quarantine", ("BOUND", "SOURCE")),
    Domain("key.example", "an application whose DKIM key is broken since 12 June", none,
           (servers(400), Sender(APPLICATION, steady(90, 0.9), envelope="apps.hosting.example",
                                 dkim=broken_since(KEY_BREAKS, "app2025"))),
           "NOT YET", "quarantine", ("BOUND", "SOURCE")),
    Domain("billing.example", "invoices through Amazon SES on the first of each month, not aligned", none,
           (servers(300), newsletter(400),
            Sender(net("198.51.100.", 1, 50), on(300, lambda day: day.day == 1), envelope="bounce.amazonses.com",
                   dkim=service_key("amazonses.com"))),
           "NOT YET", "quarantine", ("RECENCY",)),
    Domain("partner.example", "a survey tool that nobody knows: is it ours?", none,
           (servers(400), Sender(net("198.51.100.", 2, 70), steady(16, 1.0), pot="review", envelope="mail.survey.example",
                                 dkim=service_key("survey.example"))),
           "NOT YET", "quarantine", ("BOUND", "REVIEW")),
    Domain("spoofed.example", "a wave of forged mail, many times the own", none,
           (servers(250), newsletter(500), Sender(net("203.0.113.", 24, 64), on(6000, wave), pot="spoofed", spf="fail",
                                                  dkim=no_key)),
           "READY", "quarantine"),
    Domain("lists.example", "at quarantine; its people write to mailing lists, most of which break signatures", quarantine,
           HEALTHY_FOUR + (Sender(net("203.0.113.", 2, 25), steady(25, 0.6), pot="lists", envelope="lists.community.example",
                                  dkim=broken_body()),
                           Sender(net("203.0.113.", 2, 25), steady(3, 0.6), envelope="lists.community.example", dkim=own_key())),
           "KEEP", "quarantine", ("LISTS",)),
    Domain("parked.example", "sends nothing; others forge it", none, (forged(25),), "NOT YET", "reject", ("PARKED",),
           parked=True),
    Domain("small.example", "a few mails a day", none, (servers(1.8, 0.5),), "NOT YET", "quarantine", ("VOLUME", "BOUND")),
    Domain("family.example", "the domain itself is ready, its application below it is not", none,
           (servers(400), newsletter(700),
            service("bounces.sendgrid.net", "sendgrid.net", 40, 60, aligned=False, name="app.family.example")),
           "READY", "quarantine"),
    Domain("back.example", "at reject; the key of its application breaks on 25 June", reject,
           HEALTHY_FOUR + (Sender(APPLICATION, steady(300, 0.9), envelope="apps.hosting.example",
                                  dkim=broken_since(BREAKS_AT_REJECT, "app2025")),), "STEP BACK", "quarantine"),
    Domain("alone.example", "only one receiver sends reports", none, (servers(400), newsletter(900)), "NOT YET", "quarantine",
           ("COVERAGE-REPORTERS",), reporters=REPORTERS[:1]),
    Domain("poisoned.example", "somebody sends reports of failures that no other receiver saw", none,
           (servers(400), newsletter(900)), "NOT YET", "quarantine", ("BOUND", "SOURCE"),
           poison=("reports.elsewhere.example", Sender(net("192.0.2.", 2, 10), on(150, lambda day: day >= WINDOW[8]),
                                                       pot="poison", spf="fail", dkim=broken_body()))),
)


def verdicts(domain, sender, signatures):
    name, envelope = sender.name or domain.name, sender.envelope or domain.name
    home = organisation(name)
    dkim = any(result == "pass" and organisation(d) == home for d, _, result, _ in signatures)
    return "pass" if dkim else "fail", "pass" if sender.spf == "pass" and organisation(envelope) == home else "fail"


def records(domain, sender, day, org, share):
    """What one reporter saw of one sender on one day."""
    roll = dice(domain.name, day, org, sender.ips[0], sender.pot)
    seen = int(sender.volume(day) * share * (0.8 + 0.4 * roll()) + roll())
    if not seen:
        return []
    signatures = sender.dkim(domain.name, day)
    dkim, spf = verdicts(domain, sender, signatures)
    policy = domain.policy(day)["p"]
    base = Record("", 0, sender.name or domain.name, sender.envelope or domain.name, None,
                  policy if "pass" not in (dkim, spf) else "none", dkim, spf, list(sender.reasons), signatures,
                  [(sender.envelope or domain.name, "mfrom", sender.spf, None)], sender.pot)
    used = min(len(sender.ips), max(1, seen // 3))
    first = int(roll() * len(sender.ips))
    ips = [sender.ips[(first + n) % len(sender.ips)] for n in range(used)]
    return [replace(base, ip=ip, count=n) for ip, n in zip(ips, spread(seen, used, roll)) if n]


def reports(domain):
    """Every report about a domain, day by day."""
    told = [(org, mail, share, domain.senders) for org, mail, share in domain.reporters]
    if domain.poison:
        org, sender = domain.poison
        told.append((org, f"dmarc@{org}", 1.0, (sender,)))
    for day in DAYS:
        for org, mail, share, senders in told:
            begin = seconds(day)
            report = Report(org, org, mail, digits(org, domain.name, begin), domain.name, begin, begin + DAY - 1,
                            {"adkim": "r", "aspf": "r", "pct": "100"} | domain.policy(day), [], day)
            for sender in senders:
                report.records += records(domain, sender, day, org, share)
            if report.records:
                yield report


def archive(domain):
    """All its reports one behind the other in one gzip file, and the truth of it."""
    found = list(reports(domain))
    pots = dict.fromkeys(("legitimate", "review", "lists", "spoofed"), 0)
    for report in found:
        for r in report.records:
            if report.day in WINDOW and r.header_from == domain.name:
                pots["legitimate" if r.sender == "poison" else r.sender] += r.count
    truth = {"story": domain.story, "verdict": domain.verdict, "to": domain.to, "codes": list(domain.codes),
             "reports": len(found), "messages": sum(r.count for report in found for r in report.records), "window": pots}
    return gz(b"".join(render.xml(report, STYLE) for report in found)), truth


def tree():
    """The files of samples/advice and what is true of them."""
    files, truths = {}, {}
    for domain in DOMAINS:
        files[f"{domain.name}.xml.gz"], truths[domain.name] = archive(domain)
    return files, truths
