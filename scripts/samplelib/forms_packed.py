"""Odd wrappings of reports: gzip, zlib, zip, mails and mboxes, one oddity each."""

import base64
import io
import struct
import zipfile
import zlib

from .forms_text import form, report
from .packing import base64_lines, gz, mail, mbox, multipart, part, text_part, zipped

NOTHING = {"reports": 0, "records": 0, "messages": 0}
TWO = {"reports": 2, "records": 4, "messages": 16}


def xml(name):
    return report(name).encode()


def streams():
    form("gzip.gz", gz(xml("gzip")), "gzip")
    form("gzip.zip", gz(xml("gzip-as-zip")), "gzip that is called zip")
    form("zlib.bin", zlib.compress(xml("zlib"), 9), "a zlib stream")
    form("gzip-in-gzip.gz", gz(gz(xml("gzip-in-gzip"))), "gzip in gzip")
    half = xml("two-members")
    form("two-members.gz", gz(half[:700]) + gz(half[700:]), "one report in two gzip members")
    form("two-reports.gz", gz(xml("two-reports-1")) + gz(xml("two-reports-2")), "a report in each of two gzip members", **TWO)
    form("gzip-trailing-text.gz", gz(xml("gzip-trailing-text")) + b"\r\n-- \r\n", "text behind gzip", "packing-trailing-junk")
    form("gzip-trailing-nuls.gz", gz(xml("gzip-trailing-nuls")) + bytes(512), "gzip padded with NULs",
         "?packing-trailing-junk")
    form("gzip-name.gz", gz(xml("gzip-name"), "../../etc/passwd"), "gzip with a name that would be a path")
    form("gzip-no-trailer.gz", gz(xml("gzip-no-trailer"))[:-8], "gzip without its checksum: nothing proves that it is whole",
         "packing-cut-short ?cut-short")
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    text = xml("gzip-cut")
    cut = packer.compress(text[:text.index(b"198.51.100.7")]) + packer.flush(zlib.Z_SYNC_FLUSH)
    form("gzip-cut.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + cut, "gzip cut short", "packing-cut-short cut-short",
         records=1, messages=3)
    form("gzip-bad-crc.gz", gz(xml("gzip-bad-crc"), crc=1), "gzip with a wrong checksum", rejected=1, **NOTHING)
    bad = gz(xml("gzip-bad-length"))
    form("gzip-bad-length.gz", bad[:-4] + struct.pack("<I", 7), "gzip with a wrong length", rejected=1, **NOTHING)
    bad = bytearray(gz(xml("gzip-bad-data")))
    bad[14] = 0xFF
    form("gzip-bad-data.gz", bytes(bad), "gzip with damaged data", rejected=1, **NOTHING)


def archives():
    def one(name):
        return [("report.xml", xml(name))]

    form("zip.zip", zipped(one("zip")), "zip")
    form("zip.gz", zipped(one("zip-as-gzip")), "zip that is called gzip")
    form("zip-stored.zip", zipped(one("zip-stored"), stored=["report.xml"]), "zip, not compressed")
    form("zip-two.zip", zipped([("a.xml", xml("zip-two-1")), ("b.xml", xml("zip-two-2"))]), "zip with two reports", **TWO)
    form("zip-folder.zip", zipped([("reports/", b""), ("reports/june/", b""), ("reports/june/r.xml", xml("zip-folder"))]),
         "zip with folders")
    form("gzip-in-zip.zip", zipped([("r.xml.gz", gz(xml("gzip-in-zip")))]), "gzip in zip")
    form("zip-in-gzip.gz", gz(zipped(one("zip-in-gzip"))), "zip in gzip")
    form("zip-in-zip.zip", zipped([("inner.zip", zipped(one("zip-in-zip")))]), "zip in zip")
    apple = b"\0\5\x16\7\0\2\0\0Mac OS X        " + bytes(64)
    form("zip-macosx.zip", zipped([("r.xml", xml("zip-macosx")), ("__MACOSX/._r.xml", apple)]),
         "zip with what macOS adds to it")
    form("zip-readme.zip", zipped([("README.txt", b"Reports of June.\n"), ("r.xml", xml("zip-readme"))]),
         "zip with a text beside the report")
    form("zip-path.zip", zipped([("../../tmp/\x1b[31mr.xml", xml("zip-path"))]), "zip member whose name would be a path")
    form("zip-unicode.zip", zipped([("Übersicht.xml", xml("zip-unicode"))]), "zip member with a name in Unicode")
    for word, method, expected in (("bzip2", zipfile.ZIP_BZIP2, {}), ("lzma", zipfile.ZIP_LZMA, dict(NOTHING, rejected=1))):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as archive:
            archive.writestr(zipfile.ZipInfo("r.xml", (2026, 7, 1, 0, 0, 0)), xml(f"zip-{word}"), method)
        refused = ": refused, it takes as much memory as it asks for" if expected else ""
        form(f"zip-{word}.zip", out.getvalue(), f"zip with {word}{refused}", **expected)
    whole = zipped(one("zip-cut"))
    form("zip-no-directory.zip", whole[:whole.index(b"PK\1\2")], "zip without its directory, cut behind the member",
         "?packing-cut-short")
    form("zip-streamed.zip", streamed("r.xml", xml("zip-streamed")), "zip written as a stream: sizes behind the data")
    whole = bytearray(zipped([("a.xml", xml("zip-bad-1")), ("b.xml", xml("zip-bad-2"))]))
    whole[60] ^= 0xFF
    form("zip-bad-member.zip", bytes(whole), "zip with one damaged member and a good one", rejected=1)
    whole = bytearray(zipped(one("zip-locked"), stored=["report.xml"]))
    whole[6] |= 1
    whole[whole.index(b"PK\1\2") + 8] |= 1
    form("zip-locked.zip", bytes(whole), "zip that asks for a password", rejected=1, **NOTHING)


def streamed(name, data):
    """A zip as a program writes it that can't seek: data descriptor, flag 8."""
    class Pipe(io.RawIOBase):
        def __init__(self):
            self.bytes = b""

        def writable(self):
            return True

        def write(self, piece):
            self.bytes += bytes(piece)
            return len(piece)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name, (2026, 7, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return pipe.bytes


def letter(name, content, **more):
    return mail("dmarc@receiver.example", "reports@example.com",
                f"Report Domain: example.com Submitter: receiver.example Report-ID: <{name}>", 1780362000,
                f"{name}@receiver.example", content, **more)


def attached(name, boundary="b1", media_type="application/gzip", filename="r.xml.gz", data=None):
    data = gz(xml(name)) if data is None else data
    return multipart([text_part("See the report."), part(data, media_type, filename)], boundary)


def simple_mails():
    form("mail-gzip.eml", letter("mail-gzip", attached("mail-gzip")), "mail with gzip")
    form("mail-zip.eml", letter("mail-zip", attached("m", data=zipped([("r.xml", xml("mail-zip"))]), filename="r.zip",
         media_type="application/zip")), "mail with zip")
    form("mail-crlf.eml", letter("mail-crlf", attached("mail-crlf")).replace(b"\n", b"\r\n"), "mail with CR LF")
    form("mail-body-zip.eml", letter("mail-body-zip", part(zipped([("r.xml", xml("mail-body-zip"))]), "application/zip",
         "r.zip")), "mail that is nothing but the zip")
    form("mail-xml.eml", letter("mail-xml", f"Content-Type: text/xml; charset=utf-8\n\n{report('mail-xml')}"),
         "mail that is nothing but the XML")
    printable = report("mail-printable").replace("=", "=3D").replace("none</disposition>", "no=\nne</disposition>")
    form("mail-printable.eml", letter("mail-printable", "Content-Type: text/xml; charset=utf-8\n"
         f"Content-Transfer-Encoding: quoted-printable\n\n{printable}"), "mail with quoted-printable XML")
    form("mail-two.eml", letter("mail-two", multipart([part(gz(xml(f"mail-two-{n}")), "application/gzip", f"{n}.xml.gz")
         for n in (1, 2)], "b1")), "mail with two reports", **TWO)
    form("mail-wrong-type.eml", letter("mail-wrong-type", attached("mail-wrong-type", media_type="image/png",
         filename="logo.png")), "mail whose report is called a picture")
    form("mail-octets.eml", letter("mail-octets", multipart([f"Content-Type: application/octet-stream\n"
         f"Content-Transfer-Encoding: BASE64\n\n{base64_lines(gz(xml('mail-octets')))}"], "b1")),
         "mail part without file name, BASE64 in upper case")
    form("mail-html.eml", letter("mail-html", multipart(["Content-Type: text/html\n\n<html><body>Hi</body></html>\n",
         part(gz(xml("mail-html")), "application/gzip", "r.xml.gz"), text_part("-- \nsignature")], "b1")),
         "mail with HTML before and a signature behind the report")
    form("mail-no-version.eml", letter("mail-no-version", attached("mail-no-version"), mime_version=False),
         "mail without MIME-Version")
    form("mail-no-report.eml", letter("mail-no-report", text_part("Where is my invoice?")), "mail without report",
         skipped=1, **NOTHING)
    form("mail-bad-gzip.eml", letter("mail-bad-gzip", attached("m", data=gz(xml("mail-bad-gzip"), crc=1))),
         "mail with damaged gzip", rejected=1, **NOTHING)


def odd_mails():
    text = letter("mail-no-end", attached("mail-no-end"))
    form("mail-no-end.eml", text[:text.rindex(b"--b1--")], "mail without its last boundary")
    tag = "Content-Disposition: attachment; filename*0*=utf-8''r%C3%A9; filename*1*=port.xml; filename*2=.gz\n"
    form("mail-rfc2231.eml", letter("mail-rfc2231", multipart([f"Content-Type: application/octet-stream\n{tag}"
         f"Content-Transfer-Encoding: base64\n\n{base64_lines(gz(xml('mail-rfc2231')))}"], "b1")),
         "file name in pieces (RFC 2231)")
    tag = 'Content-Disposition: attachment; filename="=?utf-8?B?csOpcG9ydC54bWwuZ3o=?="\n'
    form("mail-rfc2047.eml", letter("mail-rfc2047", multipart([f"Content-Type: application/octet-stream\n{tag}"
         f"Content-Transfer-Encoding: base64\n\n{base64_lines(gz(xml('mail-rfc2047')))}"], "b1")),
         "file name as an encoded word (RFC 2047)")
    stray = base64.b64encode(gz(xml("mail-stray"))).decode()
    stray = " ".join(stray[i:i + 50] for i in range(0, len(stray), 50)).replace("A", "A!", 1)
    form("mail-stray.eml", letter("mail-stray", f"Content-Type: application/gzip\nContent-Transfer-Encoding: base64\n\n"
         f"{stray}\n"), "base64 with blanks and a stray character")
    form("mail-no-dash.eml", letter("mail-no-dash", multipart(["ContentType: application/zip\nContent-Transfer-Encoding: "
         f"base64\n\n{base64_lines(zipped([('r.xml', xml('mail-no-dash'))]))}"], "b1")), "ContentType without its dash")
    deep = attached("mail-deep", "b3")
    deep = multipart([multipart([deep], "b2", "related")], "b1")
    form("mail-deep.eml", letter("mail-deep", deep), "multiparts in multiparts")
    inner = letter("mail-in-mail", attached("mail-in-mail")).decode()
    form("mail-in-mail.eml", letter("outer", multipart([text_part("Forwarded."), f"Content-Type: message/rfc822\n\n{inner}"],
         "outer")), "mail in mail")
    inner = letter("mail-attached", attached("mail-attached"))
    form("mail-attached.eml", letter("outer", multipart([part(inner, "application/octet-stream", "fwd.eml")], "outer")),
         "mail attached to a mail as octets")
    data = zipped([("a.xml", xml("mail-zip-two-1")), ("b.xml.gz", gz(xml("mail-zip-two-2")))])
    form("mail-zip-two.eml", letter("mail-zip-two", attached("m", data=data, filename="r.zip")), "mail with a zip of two", **TWO)


def boxes():
    def one(name):
        return letter(name, attached(name))

    form("mbox.mbox", mbox([one("mbox-1"), one("mbox-2")]), "mbox with two mails", **TWO)
    form("mbox-one.mbox", mbox([one("mbox-one")]), "mbox with one mail")
    form("mbox-crlf.mbox", mbox([one("mbox-crlf-1"), one("mbox-crlf-2")]).replace(b"\n", b"\r\n"), "mbox with CR LF", **TWO)
    chatty = letter("mbox-from", multipart([text_part("Hello,\n\nFrom here on all is well.\n>From there too."),
                    part(gz(xml("mbox-from-1")), "application/gzip", "r.xml.gz")], "b1"))
    form("mbox-from.mbox", mbox([chatty, one("mbox-from-2")]), "mbox with quoted From lines in a mail", **TWO)
    inner = one("mbox-inner").decode()
    outer = letter("outer", multipart([f"Content-Type: message/rfc822\n\n{inner}"], "outer"))
    form("mbox-mail-in-mail.mbox", mbox([outer, one("mbox-beside")]), "mbox with a mail in a mail", **TWO)
    form("mbox-mixed.mbox", mbox([letter("n", text_part("No report here.")), one("mbox-mixed")]),
         "mbox with a mail without report", skipped=1)
    form("mbox.gz", gz(mbox([one("mbox-gz-1"), one("mbox-gz-2")])), "mbox in gzip", **TWO)


def all_forms():
    for group in (streams, archives, simple_mails, odd_mails, boxes):
        group()
