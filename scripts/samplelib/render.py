"""Writes a report as XML, with the habits of a reporter."""

from xml.sax.saxutils import escape

RFC9990 = "urn:ietf:params:xml:ns:dmarc-2.0"
RFC7489 = "http://dmarc.org/dmarc-xml/0.1"


class Writer:
    """Elements with or without a prefix, indented or on one line."""

    def __init__(self, style):
        self.prefix = style.get("prefix", "")
        self.indent = style.get("indent", "  ")
        self.pad = style.get("pad", "")
        self.case = style.get("case", str)
        self.lines = []
        self.depth = 0

    def line(self, text):
        self.lines.append(self.indent * self.depth + text)

    def open(self, name, attributes=""):
        self.line(f"<{self.prefix}{name}{attributes}>")
        self.depth += 1

    def close(self, name):
        self.depth -= 1
        self.line(f"</{self.prefix}{name}>")

    def leaf(self, name, value, attributes="", word=False):
        if value is None:
            return
        text = self.case(value) if word else str(value)
        if text == "":
            self.line(f"<{self.prefix}{name}{attributes}/>")
        else:
            self.line(f"<{self.prefix}{name}{attributes}>{self.pad}{escape(text)}{self.pad}</{self.prefix}{name}>")


def metadata(w, report, style):
    lang = ' lang="en"' if style.get("lang") else ""
    w.open("report_metadata")
    w.leaf("org_name", report.org)
    w.leaf("email", report.email)
    w.leaf("extra_contact_info", style.get("contact"), lang)
    w.leaf("report_id", style.get("id_form", "{}").format(report.report_id))
    w.open("date_range")
    w.leaf("begin", style.get("time_form", "{}").format(report.begin))
    w.leaf("end", style.get("time_form", "{}").format(report.end))
    w.close("date_range")
    for text in report.errors:
        w.leaf("error", text, lang)
    w.leaf("generator", style.get("generator"))
    w.close("report_metadata")


def published(w, report, style):
    w.open("policy_published")
    w.leaf("domain", report.domain)
    for name in style["policy"]:
        w.leaf(name, report.policy.get(name), word=True)
    w.close("policy_published")


def record(w, r, style):
    lang = ' lang="en"' if style.get("lang") else ""
    w.open("record")
    w.open("row")
    w.leaf("source_ip", style.get("ip", str)(r.ip))
    w.leaf("count", r.count)
    w.open("policy_evaluated")
    w.leaf("disposition", r.disposition, word=True)
    w.leaf("dkim", r.dkim, word=True)
    w.leaf("spf", r.spf, word=True)
    for kind, comment in r.reasons:
        w.open("reason")
        w.leaf("type", kind)
        w.leaf("comment", comment, lang)
        w.close("reason")
    w.close("policy_evaluated")
    w.close("row")
    identifiers = style.get("identifiers", "identifiers")
    w.open(identifiers)
    w.leaf("envelope_to", r.envelope_to)
    w.leaf("envelope_from", r.envelope_from)
    w.leaf("header_from", r.header_from)
    w.close(identifiers)
    w.open("auth_results")
    for kind, results in (("dkim", r.dkim_results), ("spf", r.spf_results)):
        for domain, detail, result, human in results:
            w.open(kind)
            w.leaf("domain", domain)
            w.leaf("selector" if kind == "dkim" else "scope", detail)
            w.leaf("result", result, word=True)
            w.leaf("human_result", human, lang)
            w.close(kind)
    w.close("auth_results")
    w.close("record")


def xml(report, style):
    """The bytes of a report."""
    w = Writer(style)
    w.line(style.get("declaration", '<?xml version="1.0" encoding="UTF-8"?>'))
    w.open("feedback", style.get("root", ""))
    w.leaf("version", style.get("version"))
    metadata(w, report, style)
    published(w, report, style)
    if style.get("extension"):
        w.line('<extension xmlns:x="https://freepost.example/ns"><x:site>eu-3</x:site></extension>')
    for r in report.records:
        record(w, r, style)
    w.close("feedback")
    end = style.get("newline", "\n")
    return (end.join(w.lines) + end).encode(style.get("encoding", "utf-8"))
