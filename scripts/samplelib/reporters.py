"""Eight reporters with invented names and the habits of real ones: when, of whom, how, and what they leave out."""

import hashlib
from calendar import timegm
from dataclasses import dataclass, field, replace
from datetime import timedelta

from . import render, world

DAY = 86400
OLD = ("adkim", "aspf", "p", "sp", "pct", "fo")
NEW = ("p", "sp", "np", "adkim", "aspf", "discovery_method", "fo", "testing")


@dataclass
class Report:
    reporter: str
    org: str
    email: str
    report_id: str
    domain: str
    begin: int
    end: int
    policy: dict
    records: list
    day: object
    errors: list = field(default_factory=list)
    xml: bytes = b""

    def name(self, extension):
        host = self.email.split("@")[1]
        return f"{host}!{self.domain}!{self.begin}!{self.end}.{extension}"

    def key(self):
        return (self.org.lower(), self.report_id, self.domain, self.begin, self.end)


def seconds(day):
    return timegm(day.timetuple())


def digits(*key, length=19):
    return str(int(hashlib.sha256(":".join(map(str, key)).encode()).hexdigest(), 16))[:length]


def hexadecimal(*key):
    return hashlib.sha256(":".join(map(str, key)).encode()).hexdigest()[:32]


def enforce(record, report):
    """What a receiver does with mail that fails."""
    if record.outcome() == "fail":
        record.disposition = report.policy["p"]
    return [record]


def bigmail(record, report):
    """No envelope, no scope; believes ARC seals of mailing lists."""
    enforce(record, report)
    if record.sender == "mailing list":
        seal = "arc=pass as[1].d=lists.community.example as[1].s=arc1 remote-ip[1]=192.0.2.10"
        record.reasons = [("local_policy", seal)]
        record.disposition = "none"
    record.envelope_from = None
    record.spf_results = [(d, None, r, h) for d, _, r, h in record.spf_results]
    record.dkim_results = [(d, s, r, None) for d, s, r, _ in record.dkim_results]
    return [record]


def enterprise(record, report):
    """Names the recipient's domain, samples while pct is below 100, lets lists pass."""
    enforce(record, report)
    record.envelope_to = "enterprise.example"
    if record.sender == "mailing list":
        record.reasons = [("mailing_list", "")]
        record.disposition = "none"
    if record.disposition == "quarantine" and report.policy["pct"] == "50" and record.count > 1:
        spared = replace(record, count=record.count // 2, disposition="none", reasons=[("sampled_out", None)])
        record.count -= spared.count
        return [record, spared]
    return [record]


def portal(record, report):
    """Marks forwarded mail and HELO checks."""
    enforce(record, report)
    if record.sender == "plain forwarders":
        record.reasons = [("forwarded", "known forwarder")]
    if record.sender == "spoofing drip":
        record.envelope_from = ""
        record.spf_results = [("mail.junk.example", "helo", "none", None)]
    return [record]


def freepost(record, report):
    """RFC 9990: pass under an enforcing policy, test mode, remarks in a language, HELO never."""
    enforce(record, report)
    if record.outcome() == "pass" and report.policy["p"] != "none":
        record.disposition = "pass"
    if record.disposition == "quarantine" and report.policy.get("testing") == "y":
        record.disposition = "none"
        record.reasons = [("policy_test_mode", "t=y: one level down")]
    if record.sender == "plain forwarders":
        record.spf_results = [(d, s, r, "not among the addresses of v=spf1") for d, s, r, _ in record.spf_results]
    if record.sender == "mailing list":
        record.reasons = [("trusted_forwarder", None), ("other", "list-id seen")]
    return [record]


def gateway(record, report):
    """Old words for SPF results."""
    enforce(record, report)
    words = {"fail": "hardfail", "none": "unknown"}
    record.spf_results = [(d, s, words.get(r, r), h) for d, s, r, h in record.spf_results]
    return [record]


def courrier(record, report):
    """Leaves out a verdict when no signature was there."""
    enforce(record, report)
    if record.sender == "spoofing drip":
        record.dkim = None
        record.disposition = "none"
    return [record]


def plain(record, report):
    return enforce(record, report)


def daily(end=DAY - 1, shift=0, test=lambda day: True):
    return lambda day: [(seconds(day) + shift, seconds(day) + shift + end)] if test(day) else []


def hourly(day):
    if day < world.DAYS[-8]:
        return []
    return [(seconds(day) + h * 3600, seconds(day) + h * 3600 + 3599) for h in range(24)]


def weekly(day):
    if day.weekday() != 6 or day < world.DAYS[6]:
        return []
    return [(seconds(day) - 6 * DAY, seconds(day) + DAY - 1)]


@dataclass
class Reporter:
    name: str
    org: str
    email: str
    share: float
    domains: dict  # domain -> function of the day: periods that end on it
    identify: object  # function of report: its id
    habit: object
    style: dict


REPORTERS = [
    Reporter("bigmail", "bigmail.example", "noreply-dmarc-support@bigmail.example", 0.42,
             {d: daily() for d in ("example.com", "example.net", "example.org")},
             lambda r: digits("bigmail", r.domain, r.begin), bigmail,
             {"contact": "https://bigmail.example/dmarc", "declaration": '<?xml version="1.0" encoding="UTF-8" ?>',
              "policy": ("adkim", "aspf", "p", "sp", "pct", "np")}),
    Reporter("enterprise", "Enterprise Mail", "dmarcreport@enterprise.example", 0.25,
             {"example.com": daily(DAY), "example.net": daily(DAY),
              "example.org": daily(DAY, test=lambda day: day.weekday() < 5)},
             lambda r: hexadecimal("enterprise", r.domain, r.begin), enterprise,
             {"root": ' xmlns:xsd="http://www.w3.org/2001/XMLSchema" '
                      'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
              "declaration": '<?xml version="1.0"?>', "version": "1.0", "policy": OLD, "newline": "\r\n",
              "ip": str.upper}),
    Reporter("portal", "Portal", "dmarchelp@portal.example", 0.12,
             {"example.com": daily()},
             lambda r: f"{r.end}.{digits('portal', r.domain, r.begin, length=6)}", portal,
             {"declaration": '<?xml version="1.0"?>', "policy": OLD, "root": f' xmlns="{render.RFC7489}"',
              "version": "1.0", "indent": ""}),
    Reporter("freepost", "freepost.example", "dmarc@freepost.example", 0.09,
             {"example.com": daily(), "example.net": daily(test=lambda day: day.day % 2 == 1)},
             lambda r: f"{r.begin}.{r.domain}@freepost.example", freepost,
             {"root": f' xmlns="{render.RFC9990}"', "version": "1.0", "generator": "PostReporter/4.1",
              "lang": True, "contact": "https://freepost.example/postmaster", "policy": NEW, "extension": True}),
    Reporter("clockwork", "clockwork.example", "reports@clockwork.example", 0.06,
             {"example.net": hourly},
             lambda r: f"cw-{r.begin}-{r.domain}", plain,
             {"prefix": "dmarc:", "root": f' xmlns:dmarc="{render.RFC9990}"', "policy": NEW, "indent": " "}),
    Reporter("gateway", "Gateway Appliance", "postmaster@gateway.example", 0.04,
             {"example.com": weekly},
             lambda r: f"<{r.domain}.{r.end}@gateway.example>", gateway,
             {"policy": OLD, "version": "1.0", "time_form": "{}.0", "pad": " ", "indent": "\t"}),
    Reporter("courrier", "Courrier Général", "dmarc@courrier.example", 0.03,
             {"example.com": daily(shift=-9 * 3600, test=lambda day: day.weekday() in (0, 2, 4))},
             lambda r: f"{r.begin}-{digits('courrier', r.begin, length=5)}", courrier,
             {"encoding": "iso-8859-1", "declaration": '<?xml version="1.0" encoding="ISO-8859-1"?>',
              "identifiers": "identities", "case": lambda v: v[:1].upper() + v[1:], "policy": OLD}),
    Reporter("relaysafe", "relaysafe.example", "no-reply@relaysafe.example", 0.05,
             {"example.com": daily(test=lambda day: day.weekday() < 5),
              "example.net": daily(test=lambda day: day.weekday() == 2)},
             lambda r: f"{r.domain}-{r.day.day:02d}", plain,
             {"root": f' xmlns="{render.RFC7489}"', "version": "1.0", "policy": OLD, "indent": ""}),
]


def make(reporter, domain, begin, end):
    """The report of a period, or None when that reporter saw nothing."""
    day = world.FIRST_DAY + timedelta((begin + end) // 2 // DAY - seconds(world.FIRST_DAY) // DAY)
    report = Report(reporter.name, reporter.org, reporter.email, "", domain, begin, end,
                    dict(world.policy(domain, day)), [], day)
    if reporter.name in ("freepost", "clockwork"):
        report.policy["discovery_method"] = "treewalk"
        report.policy["testing"] = "y" if report.policy["pct"] == "50" else "n"
    if reporter.name == "gateway":
        report.errors = ["rua has three addresses, two were used", "no answer for selector e2026"]
    share = reporter.share * (1 / 24 if end - begin < 4000 else 1)
    days = max(1, round((end - begin) / DAY))
    for n in range(days):
        when = day if days == 1 else world.FIRST_DAY + timedelta(
            begin // DAY + n - seconds(world.FIRST_DAY) // DAY)
        key = reporter.name if end - begin > 4000 else f"{reporter.name}{begin}"
        for seen in world.traffic(domain, when, key, share):
            report.records += reporter.habit(seen, report)
    report.report_id = reporter.identify(report)
    report.xml = render.xml(report, reporter.style)
    return report if report.records else None


def all_reports():
    """Every report of the world: reporters in order, each in order of time."""
    out = []
    for reporter in REPORTERS:
        for domain, periods in reporter.domains.items():
            for day in world.DAYS:
                if domain == "example.org" and day in world.SILENT_DAYS:
                    continue
                for begin, end in periods(day):
                    report = make(reporter, domain, begin, end)
                    if report:
                        out.append(report)
    return out
