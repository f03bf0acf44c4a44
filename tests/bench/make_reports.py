#!/usr/bin/env python3
"""make_reports.py FOLDER N [--records R] [--form xml.gz|xml|zip|eml|maildir] [--seed S]

Makes N different aggregate reports of about R records, shaped like those of the large receivers: indented XML, one or
two DKIM results, few domains and selectors, addresses that come again. The same arguments give the same bytes. For one
report of a million records: make_reports.py FOLDER 1 --records 1000000.
"""
import argparse
import base64
import io
import gzip
import pathlib
import random
import zipfile

FIRST_DAY = 1767225600
DOMAINS = ['example.com', 'example.net', 'example.org', 'shop.example', 'corp.example']
REPORTERS = [
    ('bigmail.example', 'noreply-dmarc@bigmail.example', 'https://bigmail.example/dmarc'),
    ('Postbox Ltd', 'dmarc@postbox.example', ''),
    ('webmail.example', 'reports@webmail.example', ''),
    ('Office Suite', 'dmarcreport@office.example', ''),
    ('CLOUD-RELAY', 'postmaster@cloud-relay.example', ''),
    ('filter.example', 'no-reply@filter.example', 'https://filter.example/help/dmarc'),
    ('provider.example', 'dmarc-noreply@provider.example', ''),
    ('university.example', 'postmaster@university.example', ''),
]
SELECTORS = ['s1', 's2', 'mail', 'k1', 'default', '2026a']


class Maker:
    """Makes reports one by one from one stream of random numbers."""

    def __init__(self, seed):
        self.rnd = random.Random(seed)
        # 198.18.0.0/15 is for benchmarks (RFC 2544), 2001:db8::/32 for documentation.
        v4 = ['198.%d.%d.%d' % (self.rnd.randrange(18, 20), self.rnd.randrange(256), self.rnd.randrange(1, 255))
              for _ in range(4000)]
        v6 = ['2001:db8:%x::%x' % (self.rnd.randrange(32), self.rnd.randrange(1, 65535)) for _ in range(400)]
        self.addresses = v4, v6

    def address(self):
        # One address in eight is IPv6.
        pool = self.addresses[self.rnd.random() < 0.125]
        return pool[self.rnd.randrange(len(pool))]

    def record(self, domain):
        rnd = self.rnd
        dkim, spf = rnd.random() < 0.8, rnd.random() < 0.7
        count = 1 if rnd.random() < 0.6 else rnd.randrange(2, 400)
        disposition = 'none' if dkim or spf else rnd.choice(('none', 'quarantine', 'reject'))
        header_from = domain if rnd.random() < 0.9 else f'news.{domain}'
        selector = rnd.choice(SELECTORS)
        reason = second = ''
        if not dkim and not spf and rnd.random() < 0.3:
            reason = ('\n        <reason>\n          <type>local_policy</type>\n          <comment>arc=pass</comment>'
                      '\n        </reason>')
        if rnd.random() < 0.35:
            second = (f'\n      <dkim>\n        <domain>service{rnd.randrange(40)}.example</domain>\n'
                      f'        <selector>{selector}b</selector>\n        <result>pass</result>\n      </dkim>')
        spf_domain = domain if spf else f'bounce{rnd.randrange(200)}.service.example'
        spf_result = 'pass' if spf else rnd.choice(('softfail', 'none', 'fail'))
        return f'''  <record>
    <row>
      <source_ip>{self.address()}</source_ip>
      <count>{count}</count>
      <policy_evaluated>
        <disposition>{disposition}</disposition>
        <dkim>{'pass' if dkim else 'fail'}</dkim>
        <spf>{'pass' if spf else 'fail'}</spf>{reason}
      </policy_evaluated>
    </row>
    <identifiers>
      <header_from>{header_from}</header_from>
    </identifiers>
    <auth_results>
      <dkim>
        <domain>{domain}</domain>
        <selector>{selector}</selector>
        <result>{'pass' if dkim else 'fail'}</result>
      </dkim>{second}
      <spf>
        <domain>{spf_domain}</domain>
        <result>{spf_result}</result>
      </spf>
    </auth_results>
  </record>
'''

    def report(self, i, records):
        """(name without extension, mail address, domain, pieces of XML) of report number i."""
        rnd = self.rnd
        org, mail, contact = rnd.choice(REPORTERS)
        domain = rnd.choice(DOMAINS)
        begin = FIRST_DAY + 86400 * (i // (len(REPORTERS) * len(DOMAINS)))
        report_id = f'{rnd.getrandbits(60)}{i:07}'
        number = records if records < 4 or records > 1000 else max(1, round(rnd.gauss(records, records / 4)))
        contact = f'    <extra_contact_info>{contact}</extra_contact_info>\n' if contact else ''
        head = f'''<?xml version="1.0" encoding="UTF-8" ?>
<feedback>
  <version>1.0</version>
  <report_metadata>
    <org_name>{org}</org_name>
    <email>{mail}</email>
{contact}    <report_id>{report_id}</report_id>
    <date_range>
      <begin>{begin}</begin>
      <end>{begin + 86399}</end>
    </date_range>
  </report_metadata>
  <policy_published>
    <domain>{domain}</domain>
    <adkim>r</adkim>
    <aspf>r</aspf>
    <p>none</p>
    <sp>none</sp>
    <pct>100</pct>
  </policy_published>
'''
        name = f'{mail.split("@")[1]}!{domain}!{begin}!{begin + 86399}!{report_id}'
        return name, mail, domain, self.pieces(head, domain, number)

    def pieces(self, head, domain, number):
        yield head.encode()
        for _ in range(number):
            yield self.record(domain).encode()
        yield b'</feedback>\n'


def zipped(name, pieces):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as archive:
        info = zipfile.ZipInfo(name + '.xml', (2026, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(info, 'w') as member:
            for piece in pieces:
                member.write(piece)
    return out.getvalue()


def gzipped(pieces):
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode='wb', compresslevel=6, mtime=0, filename='') as stream:
        for piece in pieces:
            stream.write(piece)
    return out.getvalue()


def mail_of(name, sender, domain, pieces):
    body = base64.encodebytes(gzipped(pieces)).decode().replace('\n', '\r\n')
    report_id = name.rsplit('!', 1)[1]
    return (f'From: {sender}\r\nTo: dmarc@{domain}\r\nDate: Fri, 02 Jan 2026 03:00:00 +0000\r\n'
            f'Subject: Report Domain: {domain} Submitter: {name.split("!")[0]} Report-ID: <{report_id}>\r\n'
            f'Message-ID: <{report_id}@{name.split("!")[0]}>\r\nMIME-Version: 1.0\r\n'
            'Content-Type: multipart/mixed; boundary="=_part"\r\n\r\n'
            '--=_part\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n'
            f'This is a DMARC aggregate report for {domain}.\r\n'
            f'--=_part\r\nContent-Type: application/gzip; name="{name}.xml.gz"\r\n'
            'Content-Transfer-Encoding: base64\r\n'
            f'Content-Disposition: attachment; filename="{name}.xml.gz"\r\n\r\n{body}--=_part--\r\n').encode()


def write(folder, i, form, name, sender, domain, pieces):
    if form == 'xml':
        path, data = folder / f'{name}.xml', b''.join(pieces)
    elif form == 'zip':
        path, data = folder / f'{name}.zip', zipped(name, pieces)
    elif form == 'eml':
        path, data = folder / f'{name}.eml', mail_of(name, sender, domain, pieces)
    elif form == 'maildir':
        # Delivered, not yet seen.
        path, data = folder / 'new' / f'1767400000.M{i}.mx', mail_of(name, sender, domain, pieces)
    else:
        path, data = folder / f'{name}.xml.gz', gzipped(pieces)
    path.write_bytes(data)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('folder', type=pathlib.Path)
    parser.add_argument('reports', type=int)
    parser.add_argument('--records', type=int, default=10)
    parser.add_argument('--form', choices=['xml.gz', 'xml', 'zip', 'eml', 'maildir'], default='xml.gz')
    parser.add_argument('--seed', type=int, default=1)
    args = parser.parse_args()
    for name in ('cur', 'new', 'tmp') if args.form == 'maildir' else ('',):
        (args.folder / name).mkdir(parents=True, exist_ok=True)
    maker = Maker(args.seed)
    for i in range(args.reports):
        write(args.folder, i, args.form, *maker.report(i, args.records))


if __name__ == '__main__':
    main()
