#!/usr/bin/env bats
# reporters: who reports, how regularly, since when not any more, and who overrides the policy; over the samples, and over a month
# of reports made for it.

load helper

setup_file() {
	: "${DMARCQ_TOP:=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}"
	: "${DMARCQ:=$DMARCQ_TOP/build/test/dmarcq}"
	cp -r "$DMARCQ_TOP/samples" "$BATS_FILE_TMPDIR/samples"
	cd "$BATS_FILE_TMPDIR" || exit
	"$DMARCQ" import -q --db samples.db samples/{archive,files,maildir,mbox,odd} || [ $? -eq 1 ]
	"$DMARCQ" db init --db empty.db
	python3 - >made.xml <<-'PYTHON'
	FIRST = 1767225600  # 2026-01-01
	def report(org, domain, day, days, policy, records):
	    begin = FIRST + (day - 1) * 86400
	    print(f'<feedback><report_metadata><org_name>{org}</org_name><email>a@b.example</email><report_id>{org}.{domain}.{day}</report_id>'
	          f'<date_range><begin>{begin}</begin><end>{begin + days * 86400 - 1}</end></date_range></report_metadata>'
	          f'<policy_published><domain>{domain}</domain>{policy}</policy_published>{"".join(records)}</feedback>')
	def record(count, verdict='pass', disposition='none', reason=None, header_from='example.com'):
	    why = f'<reason><type>{reason}</type></reason>' if reason else ''
	    return (f'<record><row><source_ip>192.0.2.1</source_ip><count>{count}</count><policy_evaluated><disposition>{disposition}'
	            f'</disposition><dkim>{verdict}</dkim><spf>fail</spf>{why}</policy_evaluated></row><identifiers><header_from>{header_from}'
	            f'</header_from></identifiers><auth_results><spf><domain>x.example</domain><result>fail</result></spf></auth_results></record>')
	plan = {'daily.example': [d for d in range(1, 31) if d != 7], 'silent.example': range(1, 22), 'weekly.example': [2, 9, 23, 30],
	        'odd.example': [1, 4, 12, 13], 'once.example': [30], 'weekend.example': [3, 10, 17]}
	for number, (org, days) in enumerate(plan.items()):
	    for day in days:
	        report(org, 'example.com', day, 1, '<p>none</p>', [record(100 - number)])
	for day in (1, 8, 15, 22):
	    report('weeklong.example', 'example.com', day, 7, '<p>none</p>', [record(70)])
	policy = '<p>reject</p><sp>none</sp>'
	report('daily.example', 'example.net', 12, 1, policy, [
	    record(5, 'fail', 'none', 'forwarded', 'example.net'), record(10, 'fail', 'reject', None, 'example.net'),
	    record(2, 'fail', 'none', None, 'example.net'), record(3, 'fail', 'quarantine', None, 'example.net'),
	    record(100, 'fail', 'none', None, 'a.example.net'), record(7, 'fail', 'none', 'sampled_out', 'example.net'),
	    record(50, 'pass', 'none', None, 'example.net')])
	report('silent.example', 'example.org', 12, 1, '<p>quarantine</p><testing>y</testing>', [record(9, 'fail', 'none', None, 'example.org')])
	report('silent.example', 'example.org', 13, 1, '<p>reject</p><testing>y</testing>', [record(4, 'fail', 'none', None, 'example.org')])
	report('silent.example', 'example.org', 14, 1, '<p>quarantine</p>', [record(6, 'fail', 'none', None, 'a.example.org')])
	PYTHON
	"$DMARCQ" import -q --db made.db made.xml
}

ask() {
	dmarcq reporters "$@" --db "$BATS_FILE_TMPDIR/samples.db"
}

ask_made() {
	dmarcq reporters "$@" --db "$BATS_FILE_TMPDIR/made.db"
}

# One column of the rows: reporter (and domain) value.
column() {
	python3 - "$@" <<'PYTHON'
import json, sys
for row in json.load(open('stdout', encoding='utf-8'))['rows']:
    print(row['reporter'], *(row[name] for name in sys.argv[1:]))
PYTHON
}

@test "the reporters of the truth" {
	ask --format json
	assert_status 0
	assert_stderr
	assert_json query reporters
	python3 - "$DMARCQ_TOP/samples/TRUTH.json" <<-'PYTHON' || fail "other reporters"
	import json, sys
	truth = json.load(open(sys.argv[1], encoding='utf-8'))['reporters']
	rows = json.load(open('stdout', encoding='utf-8'))['rows']
	want = {name.lower(): (t['reports'], t['messages']) for name, t in truth.items()}
	assert {r['reporter']: (r['reports'], r['messages']) for r in rows} == want, want
	assert [r['messages'] for r in rows] == sorted((r['messages'] for r in rows), reverse=True)
	PYTHON
}

# The habit of each reporter, and of each reporter and domain, worked out from the reports by other means.
check_habits() {
	python3 - "$BATS_FILE_TMPDIR/$1" "$2" <<'PYTHON' || fail "other habits"
import collections, datetime, json, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
newest = db.execute('SELECT max(day) FROM day').fetchone()[0]
ends = collections.defaultdict(set)
for org, domain, begin, end in db.execute('''SELECT org, text, begin, end FROM report JOIN reporter ON reporter.id = reporter
        JOIN name ON name.id = domain WHERE state = 1'''):
    day = (begin + end) // 2 // 86400 if end - begin <= 90000 else (end - 1) // 86400
    ends[(org, domain) if sys.argv[2] == 'domain' else (org,)].add(day)
got = {}
for r in json.load(open('stdout', encoding='utf-8'))['rows']:
    key = (r['reporter'], r['domain']) if sys.argv[2] == 'domain' else (r['reporter'],)
    last = (datetime.date.fromisoformat(r['last_day']) - datetime.date(1970, 1, 1)).days
    assert r['silent_days'] == newest - last, r
    got[key] = (r['habit'], r['missing_days'])
want = {}
for key, days in ends.items():
    days = sorted(days)
    gaps = sorted(b - a for a, b in zip(days, days[1:]))
    if len(gaps) < 2:
        want[key] = (None, None)
        continue
    median = gaps[(len(gaps) - 1) // 2]
    if median == 1:
        want[key] = ('daily', days[-1] - days[0] + 1 - len(days))
    elif 6 <= median <= 8:
        want[key] = ('weekly', sum((gap + 3) // 7 - 1 for gap in gaps if gap > 10))
    else:
        want[key] = ('irregular', None)
assert got == want, (got, want)
print(len(got))
PYTHON
}

@test "habits and missing days by other means" {
	ask --format json
	check_habits samples.db reporter
	ask --by domain --format json
	assert_json query reporters-by-domain
	check_habits samples.db domain
	ask_made --format json
	check_habits made.db reporter
	ask_made --by domain --format json
	check_habits made.db domain
}

@test "daily, weekly, irregular, and silent since" {
	ask_made --format json
	assert_status 0
	assert_json window.until 2026-01-30
	column habit missing_days silent_days silence >got
	sort got >sorted
	assert_equal "$(cat sorted)" "daily.example daily 1 0 None
odd.example irregular None 17 silent for 17 days, was irregular
once.example None None 0 None
silent.example daily 0 9 silent for 9 days, was daily
weekend.example weekly 0 13 None
weeklong.example weekly 0 2 None
weekly.example weekly 1 0 None"
	ask_made --until 2026-01-23 --format json
	column silent_days silence | sort >got
	assert_equal "$(grep silent.example got)" "silent.example 2 None"
	ask_made --until 2026-01-24 --format json
	column silent_days silence | sort >got
	assert_equal "$(grep silent.example got)" "silent.example 3 silent for 3 days, was daily"
}

@test "what the policy asked for and was not done" {
	ask_made --format json
	assert_equal "$(column asked let_through let_through_percent | grep -v ' 0 0 None' | sort)" "daily.example 20 7 35
silent.example 10 10 100"
	assert_equal "$(python3 -c 'import json
for r in json.load(open("stdout"))["reasons"]: print(*r.values())')" "silent.example example.org None 10
daily.example example.net forwarded 5
daily.example example.net None 2"
	ask_made --domain example.org --since 2026-01-14 --format json
	assert_equal "$(column asked let_through)" "silent.example 6 6"
}

@test "a row for each reporter and domain" {
	ask_made --by domain --format json
	assert_equal "$(column domain reports messages asked let_through | grep -v example.com)" "daily.example example.net 1 177 20 7
silent.example example.org 3 19 10 10"
	ask --by domain -n 0 --format csv
	assert_equal "$(head -n 1 stdout)" "reporter,domain,reports,messages,first_day,last_day,habit,missing_days,silent_days,silence,asked,let_through,let_through_percent"$'\r'
	sqlite3 -readonly "$BATS_FILE_TMPDIR/samples.db" "SELECT reporter.org, name.text, sum(day.messages) FROM day
	    JOIN reporter ON reporter.id = day.reporter JOIN name ON name.id = day.domain GROUP BY 1, 2 ORDER BY 1, 2" >want
	ask --by domain --format json
	assert_equal "$(python3 -c 'import json
for r in sorted((r["reporter"], r["domain"], r["messages"]) for r in json.load(open("stdout"))["rows"]): print(*r, sep="|")')" "$(cat want)"
}

@test "the table fits 80 columns with everything in it, and 200" {
	COLUMNS=80 ask_made
	assert_status 0
	assert_stdout "2026-01-01 to 2026-01-30 (UTC days)

Reporter          Domains  Reports  Messages  Last day    Habit      Missing
daily.example           2       30     3,077  2026-01-30  daily            1
    First day: 2026-01-01  Policy asked: 20  Let through: 7
    Share let through: 35.0%
silent.example          2       24     2,098  2026-01-21  daily            0
    First day: 2026-01-01  Silent days: 9  Silence: silent for 9 days, was daily
    Policy asked: 10  Let through: 10  Share let through: 100.0%
weekly.example          1        4       392  2026-01-30  weekly           1
    First day: 2026-01-02
odd.example             1        4       388  2026-01-13  irregular        -
    First day: 2026-01-01  Silent days: 17
    Silence: silent for 17 days, was irregular
weekend.example         1        3       285  2026-01-17  weekly           0
    First day: 2026-01-03  Silent days: 13
weeklong.example        1        4       280  2026-01-28  weekly           0
    First day: 2026-01-01  Silent days: 2
once.example            1        1        96  2026-01-30  -                -
    First day: 2026-01-30

Why they let through what the policy asked to stop
Reporter        Domain       Reason     Messages
silent.example  example.org  -                10
daily.example   example.net  forwarded         5
daily.example   example.net  -                 2"
	COLUMNS=200 ask_made -n 2
	assert_stdout "2026-01-01 to 2026-01-30 (UTC days)

Reporter        Domains  Reports  Messages  First day   Last day    Habit  Missing  Silent days  Silence                       Policy asked  Let through  Share let through
daily.example         2       30     3,077  2026-01-01  2026-01-30  daily        1            0  -                                       20            7              35.0%
silent.example        2       24     2,098  2026-01-01  2026-01-21  daily        0            9  silent for 9 days, was daily            10           10             100.0%

Why they let through what the policy asked to stop
Reporter        Domain       Reason     Messages
silent.example  example.org  -                10
daily.example   example.net  forwarded         5"
}

@test "windows, domains, numbers and order" {
	ask --domain example.org --since 2026-05-02 --format json
	assert_json window.since 2026-05-02
	sqlite3 -readonly "$BATS_FILE_TMPDIR/samples.db" "SELECT reporter.org, sum(day.messages), date(min(day.day) * 86400, 'unixepoch'),
	    date(max(day.day) * 86400, 'unixepoch') FROM day JOIN reporter ON reporter.id = day.reporter
	    JOIN name ON name.id = day.domain WHERE name.text = 'example.org' AND day.day >= julianday('2026-05-02') - 2440587.5
	    GROUP BY 1 ORDER BY 2 DESC" >want
	assert_equal "$(column messages first_day last_day | sed 's/ \([0-9]* [0-9-]* [0-9-]*\)$/|\1/' | awk -F'|' '{gsub(" ", "|", $2); print $1 "|" $2}')" "$(cat want)"
	ask -n 2 --sort reporter --format json
	assert_equal "$(column)" "bigmail.example
clockwork.example"
	ask_made --sort -missing_days -n 1 --format json
	assert_equal "$(column missing_days)" "silent.example 0"
	ask --sort nothing
	assert_status 64
	ask --by nothing
	assert_status 64
	ask --domain nowhere.example
	assert_status 65
	ask --since never
	assert_status 64
	ask extra
	assert_status 64
}

@test "nothing says why" {
	dmarcq reporters --db "$BATS_FILE_TMPDIR/empty.db"
	assert_status 0
	assert_stdout
	assert_stderr "dmarcq: there are no reports yet: \`dmarcq import\` reads them"
	ask --since 2026-07-05
	assert_status 0
	assert_stderr "dmarcq: no reports since 2026-07-05; there are some from 2026-04-02 to 2026-06-30"
}

@test "a pruned report is not charged with the mail that has its record numbers now" {
	python3 - <<'PYTHON'
def report(org, day, policy, verdict, disposition, count):
    begin = 1767225600 + day * 86400
    record = (f'<record><row><source_ip>192.0.2.1</source_ip><count>5</count><policy_evaluated><disposition>{disposition}</disposition>'
              f'<dkim>{verdict}</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>example.com</header_from>'
              '</identifiers><auth_results/></record>')
    open(f'{org}.xml', 'w').write(
        f'<feedback><report_metadata><org_name>{org}.example</org_name><email>a@b.example</email><report_id>{org}</report_id>'
        f'<date_range><begin>{begin}</begin><end>{begin + 86399}</end></date_range></report_metadata><policy_published>'
        f'<domain>example.com</domain><p>{policy}</p></policy_published>{record * count}</feedback>')
report('a', 200, 'none', 'pass', 'none', 3)
report('b', 0, 'reject', 'fail', 'none', 2)
report('c', 200, 'reject', 'fail', 'none', 2)
PYTHON
	dmarcq import -q --db "$db" a.xml
	dmarcq import -q --db "$db" b.xml
	dmarcq reporters --db "$db" --format json
	assert_equal "$(column asked let_through | sort)" "a.example 0 0
b.example 10 10"
	dmarcq db prune -q --db "$db" --keep 30d --keep-rollup
	assert_status 0
	dmarcq import -q --db "$db" c.xml
	assert_equal "$(sql "SELECT count(*) FROM report AS old JOIN report AS new ON new.first_record = old.first_record
	    WHERE old.state = 3 AND new.state = 1")" 1
	dmarcq reporters --db "$db" --format json
	assert_equal "$(column messages asked let_through | sort)" "a.example 15 0 0
b.example 10 0 0
c.example 10 10 10"
}
