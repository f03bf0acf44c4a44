"""What is true of samples/, counted in the world that made it; nothing here reads a sample back."""

import collections
import ipaddress
from datetime import timedelta

from . import reporters, world


def source_of(domain, record):
    """Who is behind a record: another organisation's passing d=, else who passes SPF, else the network."""
    for signer, _, result, _ in record.dkim_results:
        if result == "pass" and world.organisation(signer) != world.organisation(domain):
            return world.organisation(signer)
    for checked, _, result, _ in record.spf_results:
        if result == "pass":
            return world.organisation(checked)
    return subnet(record.ip)


def subnet(ip):
    bits = 64 if ":" in ip else 24
    return str(ipaddress.ip_network(f"{ip}/{bits}", strict=False))


GROUPS = {
    "ip": lambda report, r: r.ip,
    "subnet": lambda report, r: subnet(r.ip),
    "header-from": lambda report, r: r.header_from,
    "domain": lambda report, r: report.domain,
    "reporter": lambda report, r: report.org,
    "source": lambda report, r: source_of(report.domain, r),
}


def ranking(reports, group):
    """Rows of (key, failing, messages), most failing first, then by key."""
    sums = collections.defaultdict(lambda: [0, 0])
    for report in reports:
        for r in report.records:
            pair = sums[group(report, r)]
            pair[0] += r.count if r.outcome() == "fail" else 0
            pair[1] += r.count
    rows = [{"key": k, "failing": f, "messages": m} for k, (f, m) in sums.items()]
    return sorted(rows, key=lambda row: (-row["failing"], row["key"]))


def sources(reports):
    rows = ranking(reports, GROUPS["source"])
    for row in rows:
        row["service"] = world.SERVICES.get(row["key"])
    return rows


def days_of(report):
    first, last = report.begin // reporters.DAY, (report.end - 1) // reporters.DAY
    if report.end - report.begin <= reporters.DAY + 3600:
        return [report.day]
    return [world.FIRST_DAY + timedelta(n - reporters.seconds(world.FIRST_DAY) // reporters.DAY)
            for n in range(first, last + 1)]


def totals(reports):
    outcomes = collections.Counter()
    for report in reports:
        for r in report.records:
            outcomes[r.outcome()] += r.count
    return {"reports": len(reports), "records": sum(len(r.records) for r in reports),
            "messages": sum(outcomes.values()), "passed": outcomes["pass"], "failed": outcomes["fail"],
            "unknown": outcomes["unknown"]}


def is_forwarded(record):
    return any(kind in ("forwarded", "trusted_forwarder", "mailing_list") or kind == "local_policy" and "arc=pass" in (comment or "")
               for kind, comment in record.reasons)


INDICATORS = {
    "spf_pass": lambda r: any(result == "pass" for _, _, result, _ in r.spf_results),
    "spf_aligned": lambda r: r.spf == "pass",
    "dkim_signed": lambda r: any(result != "none" for _, _, result, _ in r.dkim_results),
    "dkim_aligned": lambda r: r.dkim == "pass",
    "dmarc_pass": lambda r: r.outcome() == "pass",
    "policy_acted": lambda r: r.outcome() == "fail" and r.disposition in ("quarantine", "reject"),
    "forwarded": is_forwarded,
}


def kpi(reports):
    """Messages for which each indicator holds, and days with a report."""
    counts = {name: sum(r.count for report in reports for r in report.records if test(r)) for name, test in INDICATORS.items()}
    return dict(counts, days_reported=len({day for report in reports for day in days_of(report)}))


def domain_truth(reports, domain):
    mine = [r for r in reports if r.domain == domain]
    seen = {day for report in mine for day in days_of(report)}
    first, last = min(seen), max(seen)
    out = totals(mine)
    out.update(reporters=len({r.org.lower() for r in mine}), first_day=str(first), last_day=str(last),
               days_without_reports=(last - first).days + 1 - len(seen),
               policy=world.policy(domain, last), policies=policies(mine), weeks=trend(mine, "week"), kpi=kpi(mine),
               sources=sources(mine),
               **{f"by {name}": ranking(mine, GROUPS[name])[:10] for name in ("ip", "header-from", "reporter")})
    return out


def first_of(day, by):
    """The first day of the week (Monday) or month of a day."""
    return day - timedelta(day.weekday()) if by == "week" else day.replace(day=1) if by == "month" else day


def trend(reports, by):
    """Rows of what reports say by day, week or month. A report of several days counts as a whole: they all must lie in one."""
    rows = {}
    for report in reports:
        days = days_of(report)
        row = rows.setdefault(first_of(days[0], by), {"sums": collections.Counter(), "reporters": set(), "days": set()})
        assert first_of(days[-1], by) == first_of(days[0], by), report
        row["reporters"].add(report.org.lower())
        row["days"].update(days)
        for r in report.records:
            row["sums"].update({"messages": r.count, r.outcome(): r.count})
            if r.outcome() == "fail":
                row["sums"][r.disposition] += r.count
    return [{"period": str(first), "messages": row["sums"]["messages"], "passed": row["sums"]["pass"],
             "failing": row["sums"]["fail"], "unknown": row["sums"]["unknown"],
             "quarantine": row["sums"]["quarantine"], "reject": row["sums"]["reject"],
             "reporters": len(row["reporters"]), "days": len(row["days"])} for first, row in sorted(rows.items())]


TAGS = ("p", "sp", "np", "adkim", "aspf", "pct", "fo", "testing", "discovery_method")


def published(report):
    """The policy as its reporter tells it: what it leaves out is missing."""
    told = next(r for r in reporters.REPORTERS if r.name == report.reporter).style["policy"]
    return tuple(report.policy.get(tag) if tag in told else None for tag in TAGS)


def policies(reports):
    """Rows of a domain's policies as they were told, in the order of time."""
    rows = {}
    for report in reports:
        row = rows.setdefault(published(report), {"days": [], "reporters": set(), "sums": collections.Counter()})
        row["days"] += days_of(report)
        row["reporters"].add(report.org.lower())
        row["sums"]["reports"] += 1
        for r in report.records:
            row["sums"]["messages"] += r.count
            if r.outcome() == "fail":
                row["sums"].update({"failing": r.count, r.disposition: r.count})
    out = [dict(zip(TAGS, tags), first_day=str(min(row["days"])), last_day=str(max(row["days"])),
                reporters=sorted(row["reporters"]),
                **{name: row["sums"][name] for name in ("reports", "messages", "failing", "quarantine", "reject")})
           for tags, row in rows.items()]
    return sorted(out, key=lambda row: [row["first_day"]] + [row[tag] or "" for tag in TAGS])


def repairs(tree):
    """Repair code -> number of reports in the database that have it at the end."""
    codes = collections.Counter()
    for kind, report in (e for entries in tree.holds.values() for e in entries):
        if kind in ("report", "conflict", "incomplete"):
            codes.update(codes_of(kind, report))
    return dict(sorted(codes.items()))


def codes_of(kind, report):
    words = {result for r in report.records for _, _, result, _ in r.spf_results}
    found = {"extension": report.reporter == "freepost", "misnamed-element": report.reporter == "courrier",
             "date-form": report.reporter == "gateway", "unknown-word": "hardfail" in words,
             "no-verdict": any(r.dkim is None for r in report.records),
             "cut-short": kind in ("cut", "incomplete"), "packing-cut-short": kind == "incomplete"}
    return [code for code, there in found.items() if there]


def alone(entries):
    """What a file holds when nothing else was imported before it."""
    good = {}
    for kind, report in entries:
        if kind not in ("rejected", "skipped"):
            good.setdefault(report.key(), report)
    got = totals(list(good.values()))
    return {"reports": got["reports"], "records": got["records"], "messages": got["messages"]}


def truth(tree):
    everything = [e for entries in tree.holds.values() for e in entries]
    kinds = collections.Counter(kind for kind, _ in everything)
    counted = [report for kind, report in everything if kind in ("report", "incomplete")]
    return {
        "about": "What is true of the reports in this folder; written by scripts/make-samples",
        "import": import_truth(tree, everything, kinds, counted),
        "all": dict(totals(counted), incomplete=kinds["incomplete"], kpi=kpi(counted)),
        "repairs": repairs(tree),
        "domains": {d: domain_truth(counted, d) for d in ("example.com", "example.net", "example.org")},
        "reporters": {org: totals([r for r in counted if r.org == org])
                      for org in sorted({r.org for r in counted})},
        "sources": sources(counted),
        "weeks": trend(counted, "week"),
        "days of example.org": trend([r for r in counted if r.domain == "example.org"], "day"),
        "months of example.org": trend([r for r in counted if r.domain == "example.org"], "month"),
        "by": {name: ranking(counted, group) for name, group in GROUPS.items() if name != "source"},
        "stories": stories(counted),
        "each file alone": {path: alone(tree.holds[path]) for path in sorted(tree.holds)},
    }


def import_truth(tree, everything, kinds, counted):
    """The summary of one import of the five folders. The whole copy of a report that was cut is a duplicate which takes
    its place; both times something was repaired."""
    sums = totals(counted)
    return {"files": len(tree.holds), "mails": sum(tree.mails.values()), "reports": sums["reports"],
            "duplicates": kinds["duplicate"] + kinds["cut"], "conflicts": kinds["conflict"],
            "incomplete": kinds["incomplete"] + kinds["cut"],
            "repaired": sum(1 for kind, r in everything
                            if kind in ("report", "incomplete", "cut") and codes_of(kind, r)),
            "records": sums["records"], "messages": sums["messages"], "rejected": kinds["rejected"],
            "skipped": kinds["skipped"]}


def stories(counted):
    """The plots of the world, each with the numbers that a question must find."""
    def messages(test):
        return sum(r.count for report in counted for r in report.records if test(report, r))

    app = "application"
    return {
        "spoofing wave": {"first_day": str(world.WAVE[0]), "last_day": str(world.WAVE[1]),
                          "messages": messages(lambda p, r: r.sender == "spoofing wave")},
        "key breaks": {"day": str(world.KEY_BREAKS), "source_ip": "198.51.100.90", "selector": "app2024",
                       "passing before": messages(lambda p, r: r.sender == app and r.outcome() == "pass"),
                       "failing since": messages(lambda p, r: r.sender == app and r.outcome() == "fail")},
        "policy moves": {"domain": "example.net", "day": str(world.POLICY_MOVES), "from": "none",
                         "to": "quarantine"},
        "monthly sender": {"header_from": "invoices.example.com",
                           "days": [str(d) for d in world.DAYS if world.month_end(d)],
                           "messages": messages(lambda p, r: r.sender == "invoices")},
        "unaligned service": {"service": "Twilio SendGrid",
                              "failing": messages(lambda p, r: r.sender == "shop mail")},
    }


EXPORT = ("domain", "org_name", "report_id", "begin", "end", "source_ip", "messages", "disposition",
          "dkim_aligned", "spf_aligned", "header_from", "envelope_from")


def export_rows(tree):
    """Every record that counts, as the columns of the export that don't depend on its spelling."""
    for entries in tree.holds.values():
        for kind, report in entries:
            if kind in ("report", "incomplete"):
                for r in report.records:
                    yield (report.domain, report.org, report.report_id.strip("<>"), str(report.begin), str(report.end),
                           r.ip, str(r.count), r.disposition, r.dkim or "unknown", r.spf or "unknown",
                           r.header_from, r.envelope_from or "")
