"""Where each report of the world lies under samples/, and in which wrapping; and what is odd there."""

import zlib
from dataclasses import replace

from . import packing, reporters

MAILBOX = "dmarc@example.com"


class Tree:
    """Files to be, and what each holds: entries of ("report" | "duplicate" | ..., report)."""

    def __init__(self):
        self.files = {}
        self.holds = {}
        self.mails = {}
        self.serial = 0

    def add(self, path, data, entries, mails=0):
        assert path not in self.files, path
        self.files[path] = data
        self.holds[path] = entries
        self.mails[path] = mails

    def message_id(self, report):
        self.serial += 1
        return f"{report.begin}.{self.serial}@{report.email.split('@')[1]}"


def subject(report):
    return (f"Report Domain: {report.domain} Submitter: {report.email.split('@')[1]} "
            f"Report-ID: <{report.report_id.strip('<>')}>")


def mail(tree, report, content, later=0):
    return packing.mail(report.email, MAILBOX, subject(report), report.end + 5400 + later,
                        tree.message_id(report), content)


def body_is_zip(report):
    data = packing.zipped([(report.name("xml"), report.xml)])
    return packing.part(data, "application/zip", report.name("zip"))


def with_attachment(report, data, media_type, filename):
    note = packing.text_part(f"This is an aggregate report from {report.org.encode('ascii', 'replace').decode()}.")
    return packing.multipart([note, packing.part(data, media_type, filename)], f"=_report_{report.begin}")


def gz_mail(tree, report, media_type="application/gzip", later=0):
    content = with_attachment(report, packing.gz(report.xml), media_type, report.name("xml.gz"))
    return mail(tree, report, content, later)


def maildir(tree, number, report, data, seen=False):
    """All in cur/: what lies in new/ would be moved by the first import."""
    flags = ":2,S" if seen else ":2,"
    tree.add(f"maildir/cur/{report.end + 5400}.M{number:06d}P1.mail.example.com{flags}", data,
             [("report", report)], 1)


def bigmail(tree, mine):
    """Mails that are nothing but the zip."""
    com = [r for r in mine if r.domain == "example.com"]
    for number, report in enumerate(com):
        maildir(tree, number, report, mail(tree, report, body_is_zip(report)), seen=True)
    for report in com[10:60:10]:
        tree.add(f"files/{report.name('xml.gz')}", packing.gz(report.xml), [("duplicate", report)])
    for month in (4, 5, 6):
        some = [r for r in mine if r.domain == "example.net" and r.day.month == month]
        tree.add(f"mbox/bigmail-2026-{month:02d}.mbox",
                 packing.mbox([mail(tree, r, body_is_zip(r)) for r in some]),
                 [("report", r) for r in some], len(some))
    org = [r for r in mine if r.domain == "example.org"]
    lost = org.pop()
    tree.add("archive/bigmail-example.org.zip", packing.zipped([(r.name("xml"), r.xml) for r in org]),
             [("report", r) for r in org])
    tree.add(f"odd/{lost.name('xml.gz')}", packing.gz(lost.xml, crc=zlib.crc32(lost.xml) ^ 0xFFFF),
             [("rejected", lost)])


def enterprise(tree, mine):
    spring = [r for r in mine if r.domain == "example.com" and r.day.month < 6]
    tree.add("archive/enterprise-example.com-2026-04-05.zip",
             packing.zipped([(r.name("xml.gz"), packing.gz(r.xml)) for r in spring],
                            stored=[r.name("xml.gz") for r in spring]), [("report", r) for r in spring])
    for report in mine:
        if report.domain == "example.com" and report.day.month == 6:
            name = report.name("xml.gz")
            tree.add(f"files/{name}", packing.gz(report.xml, name[:-3]), [("report", report)])
    some = [r for r in mine if r.domain == "example.net"]
    tree.add("mbox/enterprise.mbox", packing.mbox([gz_mail(tree, r) for r in some]),
             [("report", r) for r in some], len(some))
    some = [r for r in mine if r.domain == "example.org"]
    tree.add("archive/enterprise-example.org.xml.gz", b"".join(packing.gz(r.xml) for r in some),
             [("report", r) for r in some])


def portal(tree, mine):
    for month in (4, 5):
        some = [r for r in mine if r.day.month == month]
        tree.add(f"mbox/portal-2026-{month:02d}.mbox", packing.mbox([gz_mail(tree, r) for r in some]),
                 [("report", r) for r in some], len(some))
    for number, report in enumerate(r for r in mine if r.day.month == 6):
        maildir(tree, 1000 + number, report, gz_mail(tree, report))
        if report.day.day == 20:
            told_otherwise(tree, report)


def told_otherwise(tree, report):
    """The same key with another count: a conflict with the report that came first."""
    records = [replace(r) for r in report.records]
    records[0].count += 1000
    style = next(r.style for r in reporters.REPORTERS if r.name == report.reporter)
    other = replace(report, records=records)
    other.xml = reporters.render.xml(other, style)
    tree.add(f"odd/{other.name('xml')}", other.xml, [("conflict", other)])


def cut(report, records, gzip=False):
    """A report cut in the middle of the record behind so many complete ones."""
    at = [i + 9 for i in range(len(report.xml)) if report.xml.startswith(b"</record>", i)][records - 1]
    part = replace(report, records=report.records[:records], xml=report.xml[:at + 60])
    if not gzip:
        return part, part.xml
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(part.xml) + packer.flush(zlib.Z_SYNC_FLUSH)
    return part, b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + packed


def freepost(tree, mine):
    april = [r for r in mine if r.domain == "example.com" and r.day.month == 4]
    tree.add("archive/freepost-2026-04.zip", packing.zipped([(r.name("xml"), r.xml) for r in april]),
             [("report", r) for r in april])
    for report in mine:
        if report.domain == "example.net":
            tree.add(f"files/{report.name('zip')}", packing.zipped([(report.name("xml"), report.xml)]),
                     [("report", report)])
        elif report.day.month > 4:
            plain = report.day.month == 6 and report.day.day <= 5
            name, data = report.name("xml" if plain else "xml.gz"), report.xml
            tree.add(f"files/{name}", data if plain else packing.gz(data), [("report", report)])
            if report.day.month == 5 and report.day.day in (3, 17):
                tree.add(f"odd/copy-{name}", packing.gz(data), [("duplicate", report)])
            if report.day.month == 6 and report.day.day == 10:
                part, data = cut(report, 4)
                tree.add(f"archive/cut-{report.name('xml')}", data, [("cut", part)])


def clockwork(tree, mine):
    for day in sorted({r.day for r in mine}):
        some = [r for r in mine if r.day == day]
        tree.add(f"archive/clockwork-{day}.zip", packing.zipped([(r.name("xml"), r.xml) for r in some]),
                 [("report", r) for r in some])


def gateway(tree, mine):
    for number, report in enumerate(mine):
        data = packing.zipped([(report.name("xml"), report.xml)])
        content = with_attachment(report, data, "application/octet-stream", report.name("zip"))
        maildir(tree, 2000 + number, report, mail(tree, report, content))


def courrier(tree, mine):
    for number, report in enumerate(mine):
        if number % 4 == 0:
            tree.add(f"files/{report.name('xml')}", report.xml, [("report", report)])
        else:
            tree.add(f"files/{report.name('xml.gz')}", packing.gz(report.xml), [("report", report)])


def relaysafe(tree, mine):
    """Calls its gzip a zip, and sends every tenth report twice."""
    mails, entries = [], []
    short = mine.pop()
    for number, report in enumerate(mine):
        mails.append(gz_mail(tree, report, "application/zip"))
        entries.append(("report", report))
        if number % 10 == 9:
            mails.append(gz_mail(tree, report, "application/zip", 7200))
            entries.append(("duplicate", report))
    tree.add("mbox/relaysafe.mbox", packing.mbox(mails), entries, len(mails))
    part, data = cut(short, 2, gzip=True)
    tree.add(f"odd/{short.name('xml.gz')}", data, [("incomplete", part)])


def other_mail(tree):
    """What else comes to such a mailbox."""
    for number, (title, text) in enumerate((("Undelivered Mail Returned to Sender", "Your report could not be sent."),
                                            ("Your invoice 2026-104", "Please find the invoice in your account."))):
        data = packing.mail("mailer@junk.example", MAILBOX, title, 1782700000 + number, f"other{number}@junk.example",
                            packing.text_part(text))
        tree.add(f"maildir/cur/{1782700000 + number}.M{3000 + number:06d}P1.mail.example.com:2,", data,
                 [("skipped", None)], 1)


PLACES = {"bigmail": bigmail, "enterprise": enterprise, "portal": portal, "freepost": freepost,
          "clockwork": clockwork, "gateway": gateway, "courrier": courrier, "relaysafe": relaysafe}


def build(reports):
    tree = Tree()
    for name, place in PLACES.items():
        place(tree, [r for r in reports if r.reporter == name])
    other_mail(tree)
    for folder in ("new", "tmp"):
        tree.files[f"maildir/{folder}/.keep"] = b""
    return tree
