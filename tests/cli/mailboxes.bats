#!/usr/bin/env bats
# Mailboxes of the configuration and on the command line: how they are named, and what is wrong with them. No server is needed:
# nobody listens on the port 1 of the loopback.

load helper

@test "status tells of a mailbox that could not be reached in the last import" {
	printf '[mailbox a]\nurl = imap://user@127.0.0.1:1\npassword-command = echo x\ntimeout = 1\n' >dmarcq.conf
	report 1 >1.xml
	dmarcq import --config dmarcq.conf --db "$db" a 1.xml
	assert_status 75
	dmarcq status --db "$db"
	assert_status 0
	assert_stdout_has "Failed sources: 1"
	dmarcq import --db "$db" -q 1.xml
	dmarcq status --db "$db" --format json
	assert_json last_import.failed_sources 0
	assert_json last_import.reports 0
}

write() {
	printf '%s\n' "$@" >dmarcq.conf
	export DMARCQ_CONFIG=dmarcq.conf
}

@test "every mistake of a mailbox, with those of the rest, and nothing secret" {
	write '[mailbox a]' 'url = imaps://d:hunter2@mail.example.com' 'batch = 0' '[mailbox b]' 'url = pop3s://mail.example.com' \
	    'after = archive:Done' 'password-file = /dev/null' 'password-command = echo hunter2' '[kpi]' 'forwarded = x'
	local mistakes='dmarcq.conf:2: [mailbox a] url: no password in a URL: others can see it; put it into a file (--password-file)
dmarcq.conf:3: [mailbox a] batch: not a whole number of mails from 1 to 500: "0"
dmarcq.conf:4: [mailbox b] user: missing, and the url names none
dmarcq.conf:6: [mailbox b] after: POP3 can only delete or leave: archive:Done
dmarcq.conf:8: [mailbox b] password-command: two ways to log in, the other one is password-file
dmarcq.conf:10: [kpi] forwarded: not a percentage from 0 to 100, nor none: "x"'
	dmarcq config check
	assert_status 78
	assert_stdout "$mistakes"
	assert_stderr
	dmarcq import --db "$db" a
	assert_status 78
	assert_stdout
	assert_stderr "$(sed 's/^/dmarcq: /' <<<"$mistakes")"
	[ ! -e "$db" ]
}

@test "what people write who come from other files of settings" {
	write '[dmarcq]' 'trusted-authserv-id = a.example, b.example' 'db = /var/lib/x.db # here' '[mailbox a]' 'url = imaps://d@mail.example.com:imaps' \
	    'after = arhive:X' 'search = SUBJECT "a # b" {' '[mailbox b]' 'url = "imaps://d@mail.example.com"' 'password-file = /nope' 'after = seen ; later' \
	    '[mailbox c]' 'url = imaps://d@mail.example.com' 'ca-file = /nope/ca.pem' "folder = 'DMARC'" 'batch = 20 # twenty' 'search = SUBJECT "a # b"' \
	    'password-command = echo "a"' '[mailbox d]' 'url = pop3s://d@mail.example.com:0' 'password = hunter2' 'port = 995' 'after = seen'
	dmarcq config check
	assert_status 78
	assert_stdout "dmarcq.conf:2: [dmarcq] trusted-authserv-id: words stand with blanks between, without quotes and commas: \"a.example, b.example\"
dmarcq.conf:3: [dmarcq] db: a comment stands in a line of its own, not behind a value
dmarcq.conf:5: [mailbox a] url: behind the : stands no port from 1 to 65535 (and a password can't stand in a URL)
dmarcq.conf:6: [mailbox a] after: none of archive:FOLDER, seen, delete, leave: arhive:X
dmarcq.conf:7: [mailbox a] search: only ASCII without {: SUBJECT \"a # b\" {
dmarcq.conf:9: [mailbox b] url: a text stands without quotes around it
dmarcq.conf:10: [mailbox b] password-file: there is no such file: /nope
dmarcq.conf:11: [mailbox b] after: a comment stands in a line of its own, not behind a value
dmarcq.conf:14: [mailbox c] ca-file: there is no such file: /nope/ca.pem
dmarcq.conf:15: [mailbox c] folder: a text stands without quotes around it
dmarcq.conf:16: [mailbox c] batch: a comment stands in a line of its own, not behind a value
dmarcq.conf:20: [mailbox d] url: the port must be a number from 1 to 65535
dmarcq.conf:21: [mailbox d] password: no such setting: it stands in a file of its own: password-file; or see password-command, credential
dmarcq.conf:22: [mailbox d] port: no such setting: it stands in the url: imaps://USER@HOST:PORT
dmarcq.conf:23: [mailbox d] after: POP3 can only delete or leave: seen"
	# Other commands may do without the files.
	write '[mailbox c]' 'url = imaps://d@mail.example.com' 'ca-file = /nope/ca.pem'
	dmarcq config check
	assert_status 78
	dmarcq config show
	assert_status 0
}

@test "show names the mailbox, and no command" {
	write '[mailbox reports]' 'url = imaps://mail.example.com' 'user = d@example.com' 'password-command = echo hunter2' \
	    '[mailbox the other]' 'url = pop3s://d@mail.example.com' 'oauth2-token-command = echo hunter2'
	dmarcq config show --format csv
	assert_status 0
	assert_equal "$(tr -d '\r' <stdout | grep '^mailbox' | grep -v ',default$')" "mailbox reports,url,imaps://mail.example.com,dmarcq.conf:2
mailbox reports,user,d@example.com,dmarcq.conf:3
mailbox reports,password-command,(not shown),dmarcq.conf:4
mailbox the other,url,pop3s://d@mail.example.com,dmarcq.conf:6
mailbox the other,oauth2-token-command,(not shown),dmarcq.conf:7"
	assert_equal "$(grep -c '^mailbox' stdout)" 30
	assert_stdout_lacks hunter2
}

@test "the example and the manual page have every setting of a mailbox" {
	sed -n '/^#\[mailbox/,$p' "$DMARCQ_TOP/docs/dmarcq.conf" | sed 's/^#\(\[\)/\1/; s/^# \([a-z0-9-]* = \)/\1/' >all.conf
	grep -vE '^(password-command|credential|oauth2-token-command) ' all.conf | sed 's|= /etc/dmarcq/.*|= /dev/null|' >one.conf
	dmarcq config check one.conf
	assert_stdout "no problems found"
	dmarcq config check all.conf
	assert_status 78
	assert_equal "$(grep -c 'two ways to log in\|there is no such file' stdout)" "$(wc -l <stdout)"
	write '[mailbox m]' 'url = imaps://d@mail.example.com'
	dmarcq config show --format csv
	tr -d '\r' <stdout | sed -n 's/^mailbox m,\([^,]*\),\([0-9]*\),.*/\1 \2/p' | sort >program
	sed -n 's/^mailbox m,\([^,]*\),.*/\1/p' stdout | sort >names
	grep -o '^[a-z0-9-]* =' all.conf | cut -d ' ' -f 1 | sort | diff -u names - >&2
	sed -n '/^\.Ss \[mailbox NAME\]/,/^\.Sh/s/^\.It Cm \([a-z0-9-]*\) No = .*/\1/p' "$DMARCQ_TOP/docs/man/dmarcq.conf.5" | sort |
	    diff -u names - >&2
	# The numbers stand there with their defaults.
	grep ' [0-9]' program >numbers
	sed -n 's/^\([a-z-]*\) = \([0-9]*\)$/\1 \2/p' all.conf | sort | diff -u numbers - >&2
	sed -n '/^\.Ss \[mailbox NAME\]/,/^\.Sh/s/^\.It Cm \([a-z-]*\) No = Cm \([0-9]*\)$/\1 \2/p' "$DMARCQ_TOP/docs/man/dmarcq.conf.5" |
	    sort | diff -u numbers - >&2
}

@test "what is for files is refused with a mailbox" {
	write '[mailbox a]' 'url = imaps://d@127.0.0.1:1'
	touch mail.eml
	mkdir folder
	for option in --delete --move-to=folder; do
		for sources in '' a 'mail.eml imap://d@127.0.0.1:1'; do
			# shellcheck disable=SC2086 # Each is a source of its own.
			dmarcq import --db "$db" $option $sources
			assert_status 64
			assert_stdout
			assert_stderr "dmarcq: import: ${option%=*}: it is for files: what happens to the mails of a mailbox says \`after\` in its [mailbox NAME]"
		done
	done
	[ ! -e "$db" ] && [ -e mail.eml ]
}

@test "import without a source and without a mailbox" {
	dmarcq import --db "$db"
	assert_status 64
	assert_stderr "dmarcq: import: SOURCE is missing, and the configuration has no [mailbox NAME]"
	[ ! -e "$db" ]
}

@test "URLs that can't be, and options without a URL" {
	dmarcq import --db "$db" imaps://d:hunter2@mail.example.com/INBOX
	assert_status 64
	assert_stderr "dmarcq: import: imaps://...@mail.example.com/INBOX: no password in a URL: others can see it; put it into a file (--password-file)"
	dmarcq import --db "$db" pop3s://mail.example.com
	assert_status 64
	assert_stderr "dmarcq: import: pop3s://mail.example.com: it names no user: SCHEME://USER@HOST/FOLDER"
	dmarcq import --db "$db" imaps://d@mail.example.com/?x=1
	assert_status 64
	assert_stderr "dmarcq: import: imaps://d@mail.example.com/?x=1: behind ? only insecure=1 can stand"
	dmarcq import --db "$db" --ca-file ca.pem "$samples"
	assert_status 64
	assert_stderr "dmarcq: import: --ca-file: it is for mailboxes that are given as a URL"
	dmarcq import --db "$db" --password-file p
	assert_status 64
	assert_stderr "dmarcq: import: --password-file: it is for mailboxes that are given as a URL"
}
