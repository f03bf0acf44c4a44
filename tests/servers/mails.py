"""Mails with reports whose totals are known, for mailboxes."""
import base64
import gzip
import re
import sys

import dmarcq

sys.path[:0] = [str(dmarcq.TOP / 'tests' / 'bench'), str(dmarcq.TOP / 'scripts')]
import make_reports  # noqa: E402
from samplelib import layout, reporters  # noqa: E402

LETTER = (b'From: someone@example.org\r\nTo: reports@example.com\r\nSubject: lunch\r\nMessage-ID: <lunch@example.org>\r\n'
          b'\r\nAt noon?\r\n')
REPORT = '''<?xml version="1.0"?>
<feedback>
 <report_metadata><org_name>reporter.example</org_name><email>dmarc@reporter.example</email><report_id>{id}</report_id>
  <date_range><begin>1767225600</begin><end>1767311999</end></date_range></report_metadata>
 <policy_published><domain>example.com</domain><adkim>r</adkim><aspf>r</aspf><p>none</p><pct>100</pct></policy_published>
 <record><row><source_ip>192.0.2.1</source_ip><count>{count}</count>
   <policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>fail</spf></policy_evaluated></row>
  <identifiers><header_from>example.com</header_from></identifiers>
  <auth_results><spf><domain>example.com</domain><result>fail</result></spf></auth_results></record>
</feedback>
'''
COUNT = re.compile(rb'<count>(\d+)</count>')


def mail(data, identity, name='r.xml.gz', body=b''):
    """A mail with one attachment, and text in front of it."""
    encoded = base64.encodebytes(data).replace(b'\n', b'\r\n')
    return (f'From: dmarc@reporter.example\r\nTo: reports@example.com\r\nSubject: Report domain: example.com\r\n'
            f'Message-ID: <{identity}@reporter.example>\r\nMIME-Version: 1.0\r\n'
            'Content-Type: multipart/mixed; boundary="=_b"\r\n\r\n'
            '--=_b\r\nContent-Type: text/plain\r\n\r\n').encode() + body + (
            f'\r\n--=_b\r\nContent-Type: application/gzip; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n'
            f'Content-Disposition: attachment; filename="{name}"\r\n\r\n').encode() + encoded + b'--=_b--\r\n'


def report(identity, count=1, body=b''):
    """A mail whose report has one record of count messages."""
    return mail(gzip.compress(REPORT.format(id=identity, count=count).encode(), mtime=0), identity, body=body)


def reports(*identities):
    return [report(identity) for identity in identities]


def broken(identity):
    """A mail whose attachment can't be unpacked: rejected."""
    return mail(b'\x1f\x8b\x08\0' + b'\xff' * 40, identity)


class Totals:
    """What an import must come to."""

    def __init__(self):
        self.mails = self.reports = self.duplicates = self.records = self.messages = self.letters = 0

    def __add__(self, other):
        both = Totals()
        for name in vars(both):
            setattr(both, name, getattr(self, name) + getattr(other, name))
        return both

    def wrong(self, summary):
        """What differs in the summary of an import; empty: nothing."""
        return ', '.join(f'{summary[name]} {name} instead of {getattr(self, name)}'
                         for name in ('reports', 'duplicates', 'records', 'messages') if summary[name] != getattr(self, name))


def generated(number, seed=1, records=10):
    """(mails, totals): number mails shaped like those of the large receivers."""
    maker, mails, totals = make_reports.Maker(seed), [], Totals()
    for i in range(number):
        name, sender, domain, pieces = maker.report(i, records)
        xml = b''.join(pieces)
        counts = COUNT.findall(xml)
        totals.records += len(counts)
        totals.messages += sum(map(int, counts))
        mails.append(make_reports.mail_of(name, sender, domain, [xml]))
    totals.mails = totals.reports = number
    return mails, totals


def of_samples():
    """(mails, totals): those in samples/maildir and samples/mbox, in all the wrappings that reporters choose."""
    tree, mails, totals = layout.build(reporters.all_reports()), [], Totals()
    for path, data in sorted(tree.files.items()):
        if path not in tree.mails or tree.mails[path] == 0:
            continue
        if path.startswith('mbox/'):
            mails += [re.sub(rb'(?m)^>(>*From )', rb'\1', one) for one in re.split(rb'(?m)^From .*\n', data)[1:]]
        else:
            mails.append(data)
        for kind, report in tree.holds[path]:
            totals.letters += kind == 'skipped'
            totals.duplicates += kind == 'duplicate'
            if kind == 'report':
                totals.reports += 1
                totals.records += len(report.records)
                totals.messages += sum(record.count for record in report.records)
    totals.mails = len(mails)
    assert totals.mails == totals.reports + totals.duplicates + totals.letters
    return mails, totals


def many(number=5000):
    """(mails, totals): the mails of the samples and generated ones."""
    some, totals = of_samples()
    others, more = generated(number - len(some))
    return some + others, totals + more


def large(identity, size):
    """A mail of about size bytes whose report, of one message, stands behind a long text."""
    line = b'x' * 76 + b'\r\n'
    return report(identity, body=line * (size // len(line)))
