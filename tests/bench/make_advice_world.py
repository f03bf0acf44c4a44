#!/usr/bin/env python3
"""make_advice_world.py WHAT NUMBER [--days D] [--records R] > FILE

Reports for the advice to be measured on, one document behind the other; the same arguments give the same bytes. WHAT is
  domain      domain NUMBER: D days (90) of five reporters, R records a report (22): own servers, services aligned and not, forwarders,
              forged mail from other addresses every day
  addresses   one domain that NUMBER addresses forge on one day, beside its own mail
  reporters   one domain about which NUMBER reporters lie on one day, beside honest ones
  names       one domain with forged mail from NUMBER names below it, and own mail from a tenth of them
"""
import argparse
import random
import sys

FIRST_DAY = 1735689600
REPORTERS = ['google.com', 'Yahoo', 'Outlook.com', 'postbox.example', 'office.example']
SERVICES = ['amazonses.com', 'mcsv.net', 'zendesk.com', 'service7.example']


def record(ip, header_from, aligned, results):
    return (f'<record><row><source_ip>{ip}</source_ip><count>%d</count><policy_evaluated><disposition>none</disposition>'
            f'<dkim>{aligned[0]}</dkim><spf>{aligned[1]}</spf></policy_evaluated></row><identifiers><header_from>{header_from}</header_from>'
            f'</identifiers><auth_results>{results}</auth_results></record>\n')


def dkim(domain, selector, result='pass'):
    return f'<dkim><domain>{domain}</domain><selector>{selector}</selector><result>{result}</result></dkim>'


def spf(domain, result='pass'):
    return f'<spf><domain>{domain}</domain><scope>mfrom</scope><result>{result}</result></spf>'


OTHERS = 131072  # addresses from here on are none of a domain's own


def address(n):
    """198.18.0.0/15 is for benchmarks (RFC 2544), 2001:db8::/32 for documentation."""
    return f'198.{18 + n // 65536}.{n // 256 % 256}.{n % 256}' if n < OTHERS else f'2001:db8:{n >> 16:x}:{n & 0xffff:x}::25'


def report(out, reporter, domain, name, day, records):
    begin = FIRST_DAY + day * 86400
    out.write(f'<feedback><report_metadata><org_name>{reporter}</org_name><email>dmarc@{reporter.lower()}</email><report_id>{name}</report_id>'
              f'<date_range><begin>{begin}</begin><end>{begin + 86399}</end></date_range></report_metadata><policy_published>'
              f'<domain>{domain}</domain><adkim>r</adkim><aspf>r</aspf><p>none</p><pct>100</pct></policy_published>\n')
    for text in records:
        out.write(text)
    out.write('</feedback>\n')


def own(domain, rnd):
    """What a domain sends day after day."""
    out = [record(address(rnd.randrange(OTHERS)), domain, ('pass', 'pass'), dkim(domain, f's{n % 2}') + spf(domain)) for n in range(6)]
    for n in range(8):
        service = SERVICES[n % len(SERVICES)]
        signed = dkim(domain, 'esp') if n < 7 else ''
        out.append(record(address(rnd.randrange(OTHERS)), domain, ('pass' if signed else 'fail', 'fail'),
                          signed + dkim(service, 'k1') + spf(f'bounce.{service}')))
    return out


def a_domain(out, number, days, count):
    rnd = random.Random(f'advice world {number}')
    domain = f'd{number:04}.example'
    steady = own(domain, rnd)
    passed_on = [record(address(rnd.randrange(OTHERS)), domain, ('pass', 'fail'), dkim(domain, 's0') + spf(f'fwd{n}.example')) for n in range(40)]
    for day in range(days):
        for reporter in REPORTERS:
            rows = [text % rnd.randrange(2, 200) for text in steady]
            rows += [text % rnd.randrange(1, 4) for text in rnd.sample(passed_on, k=4)]
            while len(rows) < count:
                rows.append(record(address(OTHERS + rnd.randrange(OTHERS)), domain, ('fail', 'fail'), spf(domain, 'fail')) % rnd.randrange(1, 30))
            report(out, reporter, domain, f'{domain}-{day}', day, rows)


def healthy(out, domain, days=90):
    rnd = random.Random(domain)
    steady = own(domain, rnd)
    for day in range(days):
        for reporter in REPORTERS:
            report(out, reporter, domain, f'{domain}-{day}', day, [text % rnd.randrange(2, 200) for text in steady])


def addresses(out, number, *_):
    domain = 'addresses.example'
    healthy(out, domain)
    report(out, 'google.com', domain, 'wave', 88,
           (record(address(OTHERS + n), domain, ('fail', 'fail'), spf(domain, 'fail')) % 3 for n in range(number)))


def reporters(out, number, *_):
    domain = 'reporters.example'
    healthy(out, domain)
    rnd = random.Random(domain)
    text = record(address(rnd.randrange(OTHERS)), domain, ('fail', 'fail'), dkim(domain, 's0', 'fail') + spf(domain, 'fail'))
    for n in range(number):
        report(out, f'liar{n}.example', domain, f'lie-{n}', 80 + n % 10, [text % 20])


def names(out, number, *_):
    domain = 'names.example'
    healthy(out, domain)
    for day in range(80, 90):
        part = range((day - 80) * number // 10, (day - 79) * number // 10)
        report(out, 'google.com', domain, f'names-{day}', day,
               (record(address(n % 1000), f'n{n}.{domain}', ('pass', 'pass'), dkim(domain, 's0') + spf(f'n{n}.{domain}')) % 2 if n % 10 == 0
                else record(address(OTHERS + n % 1000), f'n{n}.{domain}', ('fail', 'fail'), spf(f'n{n}.{domain}', 'fail')) % 2
                for n in part))


def main():
    kinds = {'domain': a_domain, 'addresses': addresses, 'reporters': reporters, 'names': names}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('what', choices=kinds)
    parser.add_argument('number', type=int)
    parser.add_argument('--days', type=int, default=90)
    parser.add_argument('--records', type=int, default=22)
    args = parser.parse_args()
    kinds[args.what](sys.stdout, args.number, args.days, args.records)


main()
