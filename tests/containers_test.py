#!/usr/bin/env python3
"""The same bytes of a report give the same rows, whatever they came in, and are counted once when all of them arrive."""
import base64
import gzip
import io
import pathlib
import quopri
import sys
import zipfile
import zlib

import dmarcq

REPORT = b'''<?xml version="1.0" encoding="UTF-8"?>
<feedback>
  <report_metadata>
    <org_name>bigmail.example</org_name><email>dmarc@bigmail.example</email>
    <extra_contact_info>https://bigmail.example/dmarc</extra_contact_info>
    <report_id>7-of-9@bigmail.example</report_id>
    <date_range><begin>1767225600</begin><end>1767311999</end></date_range>
  </report_metadata>
  <policy_published>
    <domain>example.com</domain><adkim>s</adkim><aspf>r</aspf><p>quarantine</p><sp>none</sp><pct>50</pct><fo>1:d</fo>
  </policy_published>
  <record>
    <row>
      <source_ip>192.0.2.7</source_ip><count>12</count>
      <policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>fail</spf>
        <reason><type>mailing_list</type><comment>list.example.net</comment></reason></policy_evaluated>
    </row>
    <identifiers><envelope_from>list.example.net</envelope_from><header_from>example.com</header_from></identifiers>
    <auth_results>
      <dkim><domain>example.com</domain><selector>s1</selector><result>pass</result></dkim>
      <dkim><domain>list.example.net</domain><selector>k</selector><result>fail</result>
        <human_result>body hash did not verify</human_result></dkim>
      <spf><domain>list.example.net</domain><scope>mfrom</scope><result>pass</result></spf>
    </auth_results>
  </record>
  <record>
    <row>
      <source_ip>2001:db8::25</source_ip><count>3</count>
      <policy_evaluated><disposition>quarantine</disposition><dkim>fail</dkim><spf>fail</spf></policy_evaluated>
    </row>
    <identifiers><header_from>shop.example.com</header_from></identifiers>
    <auth_results><spf><domain>example.org</domain><result>softfail</result></spf></auth_results>
  </record>
</feedback>
'''
MESSAGES = [12, 3]


def zipped(name, data, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', method) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def part(media, body, encoding):
    return (f'--=_b\r\nContent-Type: {media}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n').encode() + body + b'\r\n'


def mail(*parts):
    return (b'From: dmarc@bigmail.example\r\nTo: dmarc@example.com\r\nSubject: Report Domain: example.com\r\n'
            b'Message-ID: <1@bigmail.example>\r\nMIME-Version: 1.0\r\n'
            b'Content-Type: multipart/mixed; boundary="=_b"\r\n\r\n' + b''.join(parts) + b'--=_b--\r\n')


def base64_part(media, data):
    return part(media, base64.encodebytes(data).replace(b'\n', b'\r\n'), 'base64')


def containers():
    """name -> bytes. Names say nothing on purpose: bytes decide."""
    gz = gzip.compress(REPORT, mtime=0)
    letter = mail(part('text/plain', b'See the attachment.', '7bit'), base64_part('application/gzip', gz))
    printable = quopri.encodestring(REPORT).replace(b'\n', b'\r\n')
    envelope = b'From dmarc@bigmail.example Thu Jan  1 00:00:00 2026\n'
    return {
        'plain': REPORT,
        'gzip': gz,
        'gzip of two members': gzip.compress(REPORT[:500], mtime=0) + gzip.compress(REPORT[500:], mtime=0),
        'zlib': zlib.compress(REPORT),
        'zip': zipped('report.xml', REPORT),
        'zip stored': zipped('../../report.xml', REPORT, zipfile.ZIP_STORED),
        'gzip in gzip': gzip.compress(gz, mtime=0),
        'gzip in zip': zipped('report.xml.gz', gz),
        'zip in gzip': gzip.compress(zipped('report.xml', REPORT), mtime=0),
        'zip in zip': zipped('report.zip', zipped('report.xml', REPORT)),
        'mail with gzip': letter,
        'mail with zip': mail(base64_part('application/zip', zipped('report.xml', REPORT))),
        'mail with XML': mail(base64_part('text/xml', REPORT)),
        'mail with printable XML': mail(part('text/xml', printable, 'quoted-printable')),
        'mail in mail': mail(part('message/rfc822', letter, '8bit')),
        'mail in zip': zipped('letter.eml', letter),
        'mbox': envelope + letter.replace(b'\r\n', b'\n') + b'\n',
    }


def rows(db):
    """What a database says, without the numbers that it gave itself."""
    found = dmarcq.reports(db)
    for report in found:
        del report['id'], report['first_record']
    return found


def compare(work, name, data, plain):
    db, path = work / f'{name}.db', work / 'in' / name
    path.write_bytes(data)
    dmarcq.imported(db, path, codes=(0,))
    dmarcq.checked(db)
    return rows(db) == plain


def main():
    bad = []
    with dmarcq.folder() as folder:
        work = pathlib.Path(folder)
        (work / 'in').mkdir()
        dmarcq.imported(work / 'pipe.db', '-', codes=(0,), input=REPORT)
        plain = rows(work / 'pipe.db')
        if [record['count'] for report in plain for record in report['records']] != MESSAGES:
            raise dmarcq.Failed(f'standard input: {plain}')
        forms = containers()
        bad = [name for name, data in forms.items() if not compare(work, name, data, plain)]
        for name in bad:
            print(f'{name}: other rows than the bare report')
        together = dmarcq.imported(work / 'all.db', work / 'in', codes=(0,))
        if (together['reports'], together['duplicates']) != (1, len(forms) - 1) or rows(work / 'all.db') != plain:
            raise dmarcq.Failed(f'all {len(forms)} together: {together}')
        print(f'{len(forms)} containers, {len(bad)} differ')
    return bool(bad)


if __name__ == '__main__':
    try:
        sys.exit(main())
    except dmarcq.Failed as problem:
        sys.exit(str(problem))
