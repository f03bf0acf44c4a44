"""Odd reports, one habit each: form(name, bytes, what it shows, ...) says how many reports, records and messages it
holds and which repairs it needs. The plain report holds two records of 3 and 5 messages."""

FORMS = []
PLAIN = """<?xml version="1.0" encoding="UTF-8"?>
<feedback>
  <version>1.0</version>
  <report_metadata>
    <org_name>Receiver Example</org_name>
    <email>dmarc@receiver.example</email>
    <report_id>ID</report_id>
    <date_range>
      <begin>1780272000</begin>
      <end>1780358399</end>
    </date_range>
  </report_metadata>
  <policy_published>
    <domain>example.com</domain>
    <adkim>r</adkim>
    <aspf>r</aspf>
    <p>none</p>
    <sp>none</sp>
    <pct>100</pct>
  </policy_published>
  <record>
    <row>
      <source_ip>192.0.2.1</source_ip>
      <count>3</count>
      <policy_evaluated>
        <disposition>none</disposition>
        <dkim>pass</dkim>
        <spf>pass</spf>
      </policy_evaluated>
    </row>
    <identifiers>
      <envelope_from>example.com</envelope_from>
      <header_from>example.com</header_from>
    </identifiers>
    <auth_results>
      <dkim>
        <domain>example.com</domain>
        <selector>s1</selector>
        <result>pass</result>
      </dkim>
      <spf>
        <domain>example.com</domain>
        <scope>mfrom</scope>
        <result>pass</result>
      </spf>
    </auth_results>
  </record>
  <record>
    <row>
      <source_ip>198.51.100.7</source_ip>
      <count>5</count>
      <policy_evaluated>
        <disposition>none</disposition>
        <dkim>fail</dkim>
        <spf>fail</spf>
      </policy_evaluated>
    </row>
    <identifiers>
      <envelope_from>bulk.example</envelope_from>
      <header_from>example.com</header_from>
    </identifiers>
    <auth_results>
      <spf>
        <domain>bulk.example</domain>
        <scope>mfrom</scope>
        <result>softfail</result>
      </spf>
    </auth_results>
  </record>
</feedback>
"""
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
ORG = "Receiver Example"


def form(name, data, shows, codes="", reports=1, records=2, messages=8, rejected=0, skipped=0):
    """codes: the repairs it needs, all of them; a|b: one of these; ?a: may be there or not."""
    FORMS.append((name, data if isinstance(data, bytes) else data.encode(), shows, codes.split(), reports, records,
                  messages, rejected, skipped))


def report(name):
    """The plain report with an id of its own, so that no two fixtures are duplicates of each other."""
    return PLAIN.replace("ID", name, 1)


def changed(name, shows, *pairs, **expected):
    """The plain report with texts replaced, each once."""
    text = report(name)
    for old, new in pairs:
        assert old in text, (name, old)
        text = text.replace(old, new, 1)
    form(name + ".xml", text, shows, **expected)


def encoded(name, shows, encoding, declared, org=ORG, mark=b"", codes=""):
    text = report(name).replace("UTF-8", declared, 1).replace(ORG, org, 1)
    form(name + ".xml", mark + text.encode(encoding), shows, codes=codes)


def encodings():
    form("plain.xml", report("plain"), "the report that all others are made from")
    form("bom.xml", b"\xef\xbb\xbf" + report("bom").encode(), "UTF-8 with a byte order mark")
    encoded("utf16le", "UTF-16, little end first, with mark", "utf-16-le", "UTF-16", "Empfänger", b"\xff\xfe")
    encoded("utf16be", "UTF-16, big end first, with mark", "utf-16-be", "UTF-16", "Empfänger", b"\xfe\xff")
    encoded("utf16-no-mark", "UTF-16 without mark", "utf-16-le", "UTF-16", "Empfänger", codes="?encoding")
    encoded("utf16-says-utf8", "UTF-16 that says it is UTF-8", "utf-16-le", "UTF-8", mark=b"\xff\xfe",
            codes="encoding")
    encoded("utf8-says-utf16", "UTF-8 that says it is UTF-16", "utf-8", "UTF-16", codes="encoding")
    encoded("latin1", "ISO-8859-1, as it says", "iso-8859-1", "ISO-8859-1", "Société d'exemple")
    encoded("windows-1252", "windows-1252, as it says", "cp1252", "windows-1252", "Prix 10 € – “exemple”")
    encoded("latin1-says-utf8", "ISO-8859-1 that says it is UTF-8", "iso-8859-1", "UTF-8", "Société d'exemple",
            codes="bad-bytes ?encoding")
    encoded("utf8-says-ascii", "UTF-8 that says it is ASCII", "utf-8", "us-ascii", "Société d'exemple",
            codes="?encoding ?bad-bytes")
    encoded("unknown-encoding", "an encoding that does not exist", "utf-8", "x-none-such", codes="encoding")
    quote = report("bad-byte").replace(ORG, "Receiver @Example", 1).encode().replace(b"@E", b"\x92E", 1)
    form("bad-byte.xml", quote, "one byte that is no UTF-8 in a UTF-8 report", "bad-bytes ?encoding")
    form("nul.xml", report("nul").replace(ORG, "Receiver\0 Example", 1), "a NUL in a text", "control-characters")
    form("bell.xml", report("bell").replace(ORG, "Receiver\a Example", 1), "a control character in a text",
         "control-characters")


def surroundings():
    form("leading-blanks.xml", "\n\n   " + report("leading-blanks"), "blank lines before the XML declaration",
         "leading-junk")
    form("leading-text.xml", "Report follows:\n" + report("leading-text"), "a line of text before the report",
         "leading-junk")
    form("trailing-blanks.xml", report("trailing-blanks") + "\n\r\n  \n", "blanks behind the report")
    form("trailing-text.xml", report("trailing-text") + "-- \nsent by a machine\n", "text behind the report",
         "trailing-junk")
    form("trailing-nuls.xml", report("trailing-nuls") + "\0" * 600, "a report padded with NULs",
         "?trailing-junk ?control-characters")
    form("no-declaration.xml", report("no-declaration").replace(DECLARATION, ""), "no XML declaration")
    form("broken-declaration.xml", report("broken-declaration").replace('UTF-8"?>', "UTF-8?>"),
         "an XML declaration that misses a quote", "?encoding ?stray-markup ?leading-junk")
    form("one-line.xml", report("one-line").replace("\n", "").replace("  ", ""), "everything on one line")
    form("crlf.xml", report("crlf").replace("\n", "\r\n"), "lines that end in CR LF")
    changed("open-schema", "an xs:schema before the report that is never closed",
            ("<feedback>", '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="u">\n<feedback>'),
            codes="stray-schema")
    changed("comments", "comments, a processing instruction, CDATA and character references",
            ("<feedback>", "<!-- made by hand --><?hand made?><feedback>"),
            ("<count>3<", "<count><![CDATA[3]]><"), ("<spf>pass", "<spf>p&#97;ss"))
    two = report("two-documents-1") + report("two-documents-2")
    form("two-documents.xml", two, "two documents one behind the other", reports=2, records=4, messages=16)
    apart = report("two-apart-1") + "\n\n" + report("two-apart-2").replace(DECLARATION, "") + "\n"
    form("two-apart.xml", apart, "two documents, the second without declaration", reports=2, records=4, messages=16)
    torn = report("torn-1")[:-200] + report("torn-2")
    form("second-behind-cut.xml", torn, "a report cut short and a whole one behind it",
         "cut-short ?mismatched-tags ?unknown-element ?stray-markup ?trailing-junk", reports=2, records=3, messages=11)


def markup():
    changed("bare-ampersand", "a bare & in a text", (ORG, "Smith & Sons"), codes="stray-markup")
    changed("bare-less-than", "a bare < in a text", (ORG, "a < b"), codes="stray-markup")
    changed("address-in-angles", "an e-mail address in bare angle brackets",
            ("dmarc@receiver.example", "Reports <dmarc@receiver.example>"),
            codes="?stray-markup ?mismatched-tags ?unknown-element ?cut-short")
    changed("html-entity", "an entity of HTML", (ORG, "Caf&eacute;&nbsp;Example"), codes="?stray-markup")
    changed("wrong-end-tag", "an end tag with another name", ("192.0.2.1</source_ip>", "192.0.2.1</sourceip>"),
            codes="mismatched-tags")
    text = report("cut-in-record")
    form("cut-in-record.xml", text[:text.index("198.51.100.7") + 5], "cut in the middle of a record", "cut-short",
         records=1, messages=3)
    text = report("cut-behind-record")
    form("cut-behind-record.xml", text[:text.index("</record>") + 10], "cut behind a record", "cut-short",
         records=1, messages=3)
    form("cut-last-byte.xml", report("cut-last-byte").rstrip()[:-1], "the last > is missing",
         "cut-short|mismatched-tags")


def namespaces():
    old, new = "http://dmarc.org/dmarc-xml/0.1", "urn:ietf:params:xml:ns:dmarc-2.0"
    changed("namespace-7489", "the namespace of RFC 7489", ("<feedback>", f'<feedback xmlns="{old}">'))
    changed("namespace-9990", "the namespace of RFC 9990", ("<feedback>", f'<feedback xmlns="{new}">'))
    changed("namespace-other", "a namespace of its own", ("<feedback>", '<feedback xmlns="urn:example:x">'))
    text = report("prefix")
    for name in ("feedback", "version", "report_metadata", "org_name", "email", "report_id", "date_range", "begin", "end",
                 "policy_published", "domain", "adkim", "aspf", "p", "sp", "pct", "record", "row", "source_ip", "count",
                 "policy_evaluated", "disposition", "dkim", "spf", "identifiers", "envelope_from", "header_from",
                 "auth_results", "selector", "result", "scope"):
        text = text.replace(f"<{name}>", f"<d:{name}>").replace(f"</{name}>", f"</d:{name}>")
    form("prefix.xml", text.replace("<d:feedback>", f'<d:feedback xmlns:d="{new}">'), "every element with a prefix")
    form("prefix-undeclared.xml", text.replace(">prefix<", ">prefix-undeclared<"), "a prefix that is not declared")
    upper = report("upper-case").replace("report_metadata", "REPORT_METADATA").replace("<feedback", "<Feedback")
    upper = upper.replace("</feedback", "</Feedback").replace("source_ip", "Source_IP").replace("record>", "Record>")
    form("upper-case.xml", upper, "element names in other letter case")
    changed("values-case", "words in other letter case", ("<dkim>pass<", "<dkim>Pass<"),
            ("<disposition>none<", "<disposition>NONE<"), ("<scope>mfrom<", "<scope>MFROM<"), ("<p>none<", "<p>None<"))
    changed("values-blanks", "blanks and line ends around values", ("<count>3<", "<count>\n 3 \t<"),
            ("192.0.2.1<", " 192.0.2.1 <"), ("<dkim>pass<", "<dkim> pass\n<"), (">1780272000<", "> 1780272000 <"),
            (">example.com<", ">\n example.com \n<"))


def metadata():
    changed("dates-float", "dates as floats", ("1780272000", "1780272000.0"), ("1780358399", "1780358399.5"),
            codes="date-form")
    changed("dates-milliseconds", "dates in milliseconds", ("1780272000", "1780272000000"),
            ("1780358399", "1780358399000"), codes="date-form")
    changed("dates-iso", "dates in ISO 8601", ("1780272000", "2026-06-01T00:00:00Z"),
            ("1780358399", "2026-06-01T23:59:59Z"), codes="date-form")
    changed("dates-iso-blank", "dates in ISO 8601 with a blank and an offset", ("1780272000", "2026-06-01 02:00:00+02:00"),
            ("1780358399", "2026-06-02 01:59:59+02:00"), codes="date-form")
    changed("dates-missing", "no period", ("<begin>1780272000</begin>", ""), ("<end>1780358399</end>", ""),
            codes="no-date")
    changed("dates-words", "a period in words", ("1780272000", "yesterday"), ("1780358399", "today"), codes="no-date")
    changed("dates-swapped", "the end before the begin", ("1780272000", "1780358400"), codes="end-before-begin")
    changed("dates-equal", "an empty period", ("1780358399", "1780272000"))
    changed("dates-century", "a period of a hundred years", ("1780358399", "4935945600"), codes="long-period")
    changed("no-org", "no organisation: the domain of the e-mail address", (f"<org_name>{ORG}</org_name>", ""),
            codes="no-org-name")
    changed("empty-org", "an empty organisation", (f"<org_name>{ORG}</org_name>", "<org_name> </org_name>"),
            codes="no-org-name")
    changed("no-email", "no e-mail address", ("<email>dmarc@receiver.example</email>", ""))
    changed("no-id", "no report id: one is made from the content", ("<report_id>no-id</report_id>", ""),
            codes="no-report-id")
    changed("id-in-angles", "a report id in angle brackets", (">id-in-angles<", ">&lt;id-in-angles@receiver.example&gt;<"))
    changed("id-blanks", "blanks around the report id", (">id-blanks<", ">  id-blanks\n<"))
    changed("no-version", "no version", ("<version>1.0</version>", ""))
    changed("many-errors", "several <error>, which RFC 7489 allows",
            ("</date_range>", "</date_range><error>first</error><error>second</error>"))
    changed("email-language", "an attribute where none is expected", ("<email>", '<email lang="en">'))
    changed("two-policies", "policy_published twice: the first counts",
            ("</policy_published>", "</policy_published><policy_published><domain>example.net</domain><p>reject</p>"
             "</policy_published>"), codes="repeated-element")
    changed("no-policy-domain", "no policy domain", ("<domain>example.com</domain>", ""), codes="no-policy-domain")
    changed("domain-case", "a domain in upper case with the last dot", (">example.com<", ">EXAMPLE.com.<"))
    changed("domain-unicode", "a domain in Unicode", (">example.com<", ">bücher.example<"))
    changed("domain-blank", "a domain with a blank inside", (">example.com<", ">exam ple.com<"), codes="bad-domain")
    changed("pct-word", "a percentage in words", ("<pct>100<", "<pct>all<"), codes="bad-number")
    changed("no-records", "a report without records", (PLAIN[PLAIN.index("  <record>"):PLAIN.index("</feedback>")], ""),
            codes="no-records", records=0, messages=0)


def rows():
    changed("count-empty", "a record without count is dropped", ("<count>3</count>", "<count/>"), codes="no-count",
            records=1, messages=5)
    changed("count-missing", "a record without count element is dropped", ("<count>3</count>", ""), codes="no-count",
            records=1, messages=5)
    changed("count-letter", "a count with a letter in it is dropped", ("<count>3<", "<count>1O<"), codes="no-count",
            records=1, messages=5)
    changed("count-negative", "a negative count is dropped", ("<count>3<", "<count>-3<"), codes="negative-count",
            records=1, messages=5)
    changed("count-zero", "a count of zero", ("<count>3<", "<count>0<"), messages=5)
    changed("count-float", "a count with a fraction of zero", ("<count>3<", "<count>3.0<"), codes="count-form")
    changed("count-33-bits", "a count above 32 bits", ("<count>3<", "<count>4294967299<"), messages=4294967304)
    changed("count-too-big", "a count above 64 bits is dropped", ("<count>3<", "<count>99999999999999999999<"),
            codes="no-count", records=1, messages=5)
    changed("ip-words", "a source address that is none", ("192.0.2.1<", "mail.example.com<"), codes="bad-ip")
    changed("ip-missing", "no source address", ("<source_ip>192.0.2.1</source_ip>", ""), codes="bad-ip")
    changed("ip-empty", "an empty source address", ("192.0.2.1<", "<"), codes="bad-ip")
    changed("ip-mapped", "an IPv4 address inside IPv6", ("192.0.2.1<", "::ffff:192.0.2.1<"))
    changed("ip-upper", "an IPv6 address in upper case", ("192.0.2.1<", "2001:DB8:0:0::A<"))
    changed("verdict-missing", "no DKIM verdict", ("<dkim>pass</dkim>", ""), codes="no-verdict")
    changed("verdict-empty", "an empty DKIM verdict", ("<dkim>pass</dkim>", "<dkim/>"), codes="no-verdict")
    changed("disposition-missing", "no disposition", ("<disposition>none</disposition>", ""), codes="?no-verdict")
    changed("unknown-words", "words that the format does not know", ("<disposition>none<", "<disposition>monitor<"),
            ("<result>softfail<", "<result>hardfail<"), codes="unknown-word")
    changed("unknown-element", "an element that the format does not know", ("<count>3<", "<colour>red</colour><count>3<"),
            codes="unknown-element")
    changed("identities", "identities for identifiers", ("<identifiers>", "<identities>"),
            ("</identifiers>", "</identities>"), codes="misnamed-element")
    start, end = PLAIN.index("<auth_results>"), PLAIN.index("</auth_results>")
    changed("empty-results", "empty auth_results", (PLAIN[start:end + 15], "<auth_results/>"))
    changed("no-results", "no auth_results", (PLAIN[start:end + 15], ""))
    changed("spf-hollow", "an SPF result without anything in it", ("<scope>mfrom</scope>", ""),
            ("<result>softfail</result>", ""), ("<domain>bulk.example</domain>", "<domain/>"),
            ("        <scope>mfrom</scope>\n", ""), codes="?no-verdict")
    changed("reason-empty", "a reason without anything in it", ("<spf>pass</spf>", "<spf>pass</spf><reason><type/></reason>"),
            codes="?unknown-word")
    changed("reasons", "two reasons with comments", ("<spf>fail</spf>", "<spf>fail</spf><reason><type>forwarded</type>"
            "<comment>known</comment></reason><reason><type>local_policy</type><comment>arc=pass</comment></reason>"))
    changed("many-signatures", "three DKIM results and two SPF results in one record",
            ("</dkim>\n      <spf>", "</dkim><dkim><domain>a.example</domain><result>fail</result></dkim><dkim><domain>b.example"
             "</domain><selector>x</selector><result>neutral</result></dkim><spf><domain>h.example</domain><scope>helo"
             "</scope><result>pass</result></spf><spf>"))


def rfc9990():
    changed("rfc9990", "everything that RFC 9990 adds",
            ("<feedback>", '<feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0">'),
            ("</date_range>", '</date_range><error lang="en">no answer</error><generator>Hand/1.0</generator>'),
            ("<pct>100</pct>", "<np>reject</np><discovery_method>treewalk</discovery_method><fo>1:d</fo><testing>y</testing>"),
            ("<disposition>none<", "<disposition>pass<"),
            ("<spf>fail</spf>", '<spf>fail</spf><reason><type>policy_test_mode</type><comment lang="de">Probe</comment></reason>'),
            ("<result>softfail</result>", '<result>policy</result><human_result lang="en">by rule</human_result>'),
            ("<envelope_from>bulk.example</envelope_from>", "<envelope_from/>"))
    changed("extensions", "an extension of the report and one of a record", ("</policy_published>",
            '</policy_published><extension xmlns:x="urn:x"><x:a><x:record><x:count>9</x:count></x:record></x:a></extension>'),
            ("</auth_results>", '</auth_results><x:score xmlns:x="urn:x">0.02</x:score>'), codes="extension")


def refused():
    form("doctype.xml", report("doctype").replace("<feedback>", "<!DOCTYPE feedback>\n<feedback>"), "a DOCTYPE is refused",
         reports=0, records=0, messages=0, rejected=1)
    form("no-feedback.xml", '<?xml version="1.0"?>\n<rss><channel/></rss>\n', "XML that is no report",
         reports=0, records=0, messages=0, skipped=1)


def all_forms():
    for part in (encodings, surroundings, markup, namespaces, metadata, rows, rfc9990, refused):
        part()
    return FORMS
