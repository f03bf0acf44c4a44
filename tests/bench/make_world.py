#!/usr/bin/env python3
"""make_world.py DOMAIN-NUMBER [--days D] [--records R] > FILE

One domain's reports for the questions to be measured on: D days (365) of ten reporters, R records a report (27), one document behind
the other. Most senders come day after day, as they do: own servers and mail services; fewer forwarders out of a pool; some senders seen
once, more of them for every tenth domain, which is forged a lot. The same arguments give the same bytes.
"""
import argparse
import random
import sys

FIRST_DAY = 1735689600
REPORTERS = ['bigmail.example', 'postbox.example', 'webmail.example', 'office.example', 'cloud-relay.example', 'filter.example',
             'provider.example', 'university.example', 'telecom.example', 'registrar.example']
SERVICES = ['sendgrid.net', 'mcsv.net', 'amazonses.com', 'mktomail.com', 'service7.example']


def address(rnd):
    # 198.18.0.0/15 is for benchmarks (RFC 2544).
    return f'198.{rnd.randrange(18, 20)}.{rnd.randrange(256)}.{rnd.randrange(1, 255)}'


def record(ip, header_from, disposition, dkim, spf, results):
    return (f'<record><row><source_ip>{ip}</source_ip><count>%d</count><policy_evaluated><disposition>{disposition}</disposition>'
            f'<dkim>{dkim}</dkim><spf>{spf}</spf></policy_evaluated></row><identifiers><header_from>{header_from}</header_from>'
            f'</identifiers><auth_results>{results}</auth_results></record>\n')


def dkim(domain, selector, result):
    return f'<dkim><domain>{domain}</domain><selector>{selector}</selector><result>{result}</result></dkim>'


def spf(domain, result):
    return f'<spf><domain>{domain}</domain><scope>mfrom</scope><result>{result}</result></spf>'


class World:
    def __init__(self, number):
        self.rnd = rnd = random.Random(f'world {number}')
        self.domain = d = f'd{number:03}.example'
        self.forged = number % 10 == 0
        self.steady = []
        for n in range(24):
            self.steady.append(record(address(rnd), d, 'none', 'pass', 'pass', dkim(d, f's{n % 3}', 'pass') + spf(d, 'pass')))
        for n in range(16):
            s = SERVICES[(number + n) % len(SERVICES)]
            if n < 10:
                own = dkim(d, 'esp', 'pass') + dkim(s, 'k1', 'pass')
                self.steady.append(record(address(rnd), d, 'none', 'pass', 'fail', own + spf(f'bounce.{s}', 'pass')))
            else:
                self.steady.append(record(address(rnd), d, 'none', 'fail', 'fail', dkim(s, 'k1', 'pass') + spf(f'bounce.{s}', 'pass')))
        self.forwarders = [record(address(rnd), d, 'none', 'pass', 'fail', dkim(d, 's1', 'pass') + spf(f'fwd{n}.example', 'pass'))
                           for n in range(120)]

    def noise(self):
        return record(address(self.rnd), self.domain, 'none', 'fail', 'fail', spf(self.domain, 'fail'))

    def records(self, count):
        rnd = self.rnd
        once = 6 if self.forged else rnd.randrange(2)
        some = rnd.randrange(4)
        for text in rnd.sample(self.steady, k=min(len(self.steady), max(0, count - once - some))):
            yield text % (1 if rnd.random() < 0.5 else rnd.randrange(2, 500))
        for text in rnd.sample(self.forwarders, k=some):
            yield text % rnd.randrange(1, 4)
        for _ in range(once):
            yield self.noise() % rnd.randrange(1, 30)

    def report(self, day, reporter, count):
        begin = FIRST_DAY + day * 86400
        return (f'<feedback><report_metadata><org_name>{reporter}</org_name><email>dmarc@{reporter}</email>'
                f'<report_id>{self.domain}-{day}</report_id><date_range><begin>{begin}</begin><end>{begin + 86399}</end></date_range>'
                f'</report_metadata><policy_published><domain>{self.domain}</domain><adkim>r</adkim><aspf>r</aspf><p>none</p><pct>100</pct>'
                f'</policy_published>\n{"".join(self.records(count))}</feedback>\n')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('number', type=int)
    parser.add_argument('--days', type=int, default=365)
    parser.add_argument('--records', type=int, default=27)
    args = parser.parse_args()
    world = World(args.number)
    for day in range(args.days):
        for reporter in REPORTERS:
            sys.stdout.write(world.report(day, reporter, args.records))


main()
