/* Every class of mail with a record that is of it and one nearly alike that is not, and the words that say
 * why. */
#include "analysis/classify.h"
#include "unit/drain.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 5 };

/* kind, domain or reason, selector or scope, result, remark */
struct given {
	enum detail_kind kind;
	const char *a, *b, *result, *c;
};

#define DKIM(domain, selector, result)                                                                       \
	{                                                                                                    \
		DETAIL_DKIM, domain, selector, result, NULL                                                  \
	}
#define SPF(domain, result)                                                                                  \
	{                                                                                                    \
		DETAIL_SPF, domain, "mfrom", result, NULL                                                    \
	}

/* What is known of the sender. */
enum {
	SOURCE = 1,   /* its source passed, */
	ADDRESS = 2,  /* its address did, */
	BY_SPF = 4,   /* by SPF, */
	RELAYS = 8,   /* only as one that passes mail on */
	OWN_KEY = 16, /* the key is of the own servers */
	VIA = 32,     /* its source passes mail on as it was */
	TENANT = 64,  /* its tenant is known as the owner's */
};

static const struct {
	const char *said;  /* dkim and spf of the receiver: "pf" is pass and fail, "-" missing */
	const char *modes; /* adkim, aspf */
	const char *reason, *comment;
	struct given given[MOST];
	unsigned known;
	enum mail_decision decision;
	enum mail_class class;
	const char *evidence;
} rows[] = {
    /* full: both pass */
    {"pp", "rr", NULL, NULL, {DKIM("example.com", "s1", "pass"), SPF("bounce.example.com", "pass")}, 0, 0,
	MAIL_FULL, "DKIM example.com/s1 passes, SPF passes for bounce.example.com"},
    {"pp", "rr", NULL, NULL, {{0}}, 0, 0, MAIL_FULL, "DKIM passes, SPF passes"},
    /* dkim-only: a sender with a key, but without SPF */
    {"pf", "rr", NULL, NULL, {DKIM("example.com", "k1", "pass"), SPF("bounce.sendgrid.net", "pass")}, 0, 0,
	MAIL_DKIM_ONLY, "DKIM example.com/k1 passes; SPF passes for bounce.sendgrid.net"},
    {"pf", "rr", NULL, NULL, {DKIM("example.com", "s1", "pass"), SPF("example.com", "softfail")}, OWN_KEY, 0,
	MAIL_FORWARDED,
	"DKIM example.com/s1 passes; a key of your own servers, at an address that SPF never lists"},
    /* ... whose key the own servers share, at a sender that SPF knows, or that is a known one */
    {"pf", "rr", NULL, NULL, {DKIM("example.com", "s1", "pass"), SPF("example.com", "softfail")},
	OWN_KEY | ADDRESS | BY_SPF, 0, MAIL_DKIM_ONLY,
	"DKIM example.com/s1 passes; SPF softfail for example.com"},
    {"pf", "rr", NULL, NULL, {DKIM("example.com", "s1", "pass"), SPF("bounce.sendgrid.net", "pass")}, OWN_KEY,
	0, MAIL_DKIM_ONLY, "DKIM example.com/s1 passes; SPF passes for bounce.sendgrid.net"},
    {"pf", "rr", NULL, NULL, {DKIM("example.com", "s1", "pass")}, OWN_KEY, DECISION_OURS, MAIL_DKIM_ONLY,
	"DKIM example.com/s1 passes; no SPF result"},
    /* spf-only */
    {"fp", "rr", NULL, NULL, {SPF("example.com", "pass")}, 0, 0, MAIL_SPF_ONLY,
	"SPF passes for example.com; no DKIM signature"},
    {"fp", "rr", NULL, NULL, {DKIM("example.com", "s1", "fail"), SPF("example.com", "pass")}, 0, 0,
	MAIL_SPF_ONLY, "SPF passes for example.com; DKIM example.com/s1 fails"},
    {"fp", "rr", NULL, NULL, {DKIM("sendgrid.net", "s1", "pass"), SPF("em1.example.com", "pass")}, 0, 0,
	MAIL_SPF_ONLY, "SPF passes for em1.example.com; DKIM passes for sendgrid.net"},
    /* forwarded: the receiver's word, a forwarder, a person's mailbox, the owner's word */
    {"pf", "rr", "forwarded", NULL, {DKIM("example.com", "k1", "pass"), SPF("a.example", "pass")}, 0, 0,
	MAIL_FORWARDED, "DKIM example.com/k1 passes; the receiver says that it was forwarded"},
    {"pf", "rr", "mailing_list", NULL, {DKIM("example.com", "k1", "pass"), SPF("a.example", "pass")}, 0, 0,
	MAIL_FORWARDED,
	"DKIM example.com/k1 passes; the receiver says that it came through a list or forwarder"},
    {"pf", "rr", "sampled_out", NULL, {DKIM("example.com", "k1", "pass"), SPF("a.example", "pass")}, 0, 0,
	MAIL_DKIM_ONLY, "DKIM example.com/k1 passes; SPF passes for a.example"},
    {"pf", "rr", NULL, NULL, {DKIM("example.com", "k1", "pass"), SPF("googlegroups.com", "pass")}, 0, 0,
	MAIL_FORWARDED, "DKIM example.com/k1 passes; Google Groups passed it on"},
    {"pf", "rr", NULL, NULL, {DKIM("example.com", "k1", "pass"), SPF("yahoo.com", "pass")}, 0, 0,
	MAIL_FORWARDED, "DKIM example.com/k1 passes; Yahoo Mail passed it on"},
    {"pf", "rr", NULL, NULL, {DKIM("example.com", "k1", "pass")}, 0, DECISION_FORWARDER, MAIL_FORWARDED,
	"DKIM example.com/k1 passes; no SPF result"},
    /* list: the receiver's word, */
    {"ff", "rr", "mailing_list", NULL, {DKIM("example.com", "s1", "fail"), SPF("lists.example", "pass")}, 0,
	0, MAIL_LIST,
	"the receiver says that it came through a list or forwarder; DKIM example.com/s1 fails"},
    {"ff", "rr", "local_policy", "arc=pass as[1].d=lists.example", {SPF("lists.example", "pass")}, 0, 0,
	MAIL_LIST,
	"the receiver says that it came through a list or forwarder; SPF passes for lists.example"},
    {"ff", "rr", "local_policy", "arc=fail", {SPF("lists.example", "pass")}, 0, 0, MAIL_UNKNOWN,
	"SPF passes for lists.example, not aligned with example.com"},
    {"ff", "rr", "trusted_forwarder", NULL, {SPF("example.com", "fail")}, 0, 0, MAIL_LIST,
	"the receiver says that it was forwarded; SPF does not list the server; no DKIM signature"},
    /* ... an own key that was spoilt where SPF passes for nobody's sender, */
    {"ff", "rr", NULL, NULL, {DKIM("example.com", "s1", "fail"), SPF("lists.example", "pass")}, OWN_KEY | VIA,
	0, MAIL_LIST, "DKIM example.com/s1 fails, a key of your own servers; SPF passes for lists.example"},
    {"ff", "rr", NULL, NULL, {DKIM("example.com", "s1", "fail"), SPF("lists.example", "pass")}, OWN_KEY, 0,
	MAIL_UNKNOWN, "SPF passes for lists.example, not aligned with example.com"},
    {"ff", "rr", NULL, NULL, {DKIM("example.com", "s1", "fail"), SPF("lists.example", "pass")}, VIA, 0,
	MAIL_UNKNOWN, "SPF passes for lists.example, not aligned with example.com"},
    {"ff", "rr", NULL, NULL, {DKIM("example.com", "s1", "fail"), SPF("bounce.sendgrid.net", "pass")}, OWN_KEY,
	0, MAIL_BROKEN, "DKIM example.com/s1 fails; sent by Twilio SendGrid"},
    /* ... or at an address that passes mail on, */
    {"ff", "rr", NULL, NULL, {DKIM("example.com", "s1", "fail"), SPF("example.com", "fail")},
	OWN_KEY | ADDRESS | RELAYS, 0, MAIL_LIST, "DKIM example.com/s1 fails, a key of your own servers"},
    {"ff", "rr", NULL, NULL, {DKIM("example.com", "s1", "fail"), SPF("example.com", "fail")},
	OWN_KEY | ADDRESS, 0, MAIL_BROKEN, "DKIM example.com/s1 fails; this address passed before"},
    /* ... a forwarder that passes for itself, or that the owner calls one */
    {"ff", "rr", NULL, NULL, {SPF("yahoo.com", "pass")}, VIA, 0, MAIL_LIST,
	"Yahoo Mail passed it on; SPF passes for yahoo.com"},
    {"ff", "rr", NULL, NULL, {SPF("yahoo.com", "pass")}, ADDRESS | RELAYS, 0, MAIL_LIST,
	"Yahoo Mail passed it on; SPF passes for yahoo.com"},
    {"ff", "rr", NULL, NULL, {SPF("yahoo.com", "pass")}, 0, 0, MAIL_SPOOFED,
	"SPF passes for yahoo.com, not aligned with example.com: anyone can write from there"},
    {"ff", "rr", NULL, NULL, {DKIM("example.com", "s1", "fail"), SPF("yahoo.com", "pass")}, OWN_KEY, 0,
	MAIL_SPOOFED, "SPF passes for yahoo.com, not aligned with example.com: anyone can write from there"},
    {"ff", "rr", NULL, NULL, {SPF("yahoo.com", "fail")}, 0, 0, MAIL_SPOOFED,
	"SPF does not list the server; no DKIM signature"},
    {"ff", "rr", NULL, NULL, {SPF("a.example", "pass")}, 0, DECISION_FORWARDER, MAIL_LIST,
	"SPF passes for a.example"},
    /* service: authenticated for itself alone */
    {"ff", "rr", NULL, NULL, {DKIM("sendgrid.net", "s", "pass"), SPF("em.sendgrid.net", "pass")}, 0, 0,
	MAIL_SERVICE, "SPF and DKIM pass for sendgrid.net, neither aligned with example.com"},
    {"ff", "rr", NULL, NULL, {DKIM("sendgrid.net", "s", "pass"), SPF("example.com", "softfail")}, SOURCE, 0,
	MAIL_SERVICE, "DKIM passes for sendgrid.net, not aligned with example.com"},
    {"ff", "rr", NULL, NULL, {DKIM("sendgrid.net", "s", "fail")}, 0, 0, MAIL_SPOOFED,
	"no SPF result; the DKIM signature is broken"},
    {"ff", "rr", NULL, NULL, {DKIM("sendgrid.net", "s", "pass"), SPF("mail.a.example", "pass")}, 0, 0,
	MAIL_SERVICE,
	"DKIM passes for sendgrid.net, SPF for mail.a.example, neither aligned with example.com"},
    /* tenant: of the owner, as far as its name can tell */
    {"ff", "rr", NULL, NULL, {DKIM("tenant.onmicrosoft.com", "selector1", "pass")}, TENANT, 0, MAIL_TENANT,
	"DKIM passes for tenant.onmicrosoft.com, not aligned with example.com: a tenant at Microsoft 365"},
    {"ff", "rr", NULL, NULL, {DKIM("tenant.onmicrosoft.com", "selector1", "pass")}, 0, DECISION_OURS,
	MAIL_TENANT,
	"DKIM passes for tenant.onmicrosoft.com, not aligned with example.com: a tenant at Microsoft 365"},
    /* ... which neither its server nor a copied signature makes the owner's */
    {"ff", "rr", NULL, NULL, {DKIM("tenant.onmicrosoft.com", "selector1", "pass")}, SOURCE | ADDRESS, 0,
	MAIL_UNKNOWN,
	"DKIM passes for tenant.onmicrosoft.com, not aligned with example.com: a tenant that none of your "
	"mail passed with; if tenant.onmicrosoft.com is yours, mark it ours"},
    {"ff", "rr", NULL, NULL,
	{DKIM("example.com", "s1", "fail"), DKIM("tenant.onmicrosoft.com", "selector1", "pass")},
	SOURCE | ADDRESS | OWN_KEY, 0, MAIL_UNKNOWN,
	"DKIM passes for tenant.onmicrosoft.com, not aligned with example.com: a tenant that none of your "
	"mail passed with; if tenant.onmicrosoft.com is yours, mark it ours"},
    {"ff", "rr", NULL, NULL, {DKIM("example-com.20230601.gappssmtp.com", "20230601", "pass")}, 0, 0,
	MAIL_TENANT,
	"DKIM passes for example-com.20230601.gappssmtp.com, not aligned with example.com: a tenant at "
	"Google "
	"Workspace"},
    {"ff", "rr", NULL, NULL, {DKIM("mail-example-com.20230601.gappssmtp.com", "20230601", "pass")}, 0, 0,
	MAIL_TENANT,
	"DKIM passes for mail-example-com.20230601.gappssmtp.com, not aligned with example.com: a tenant at "
	"Google Workspace"},
    {"ff", "rr", NULL, NULL, {DKIM("myexample-com.20230601.gappssmtp.com", "20230601", "pass")}, 0, 0,
	MAIL_UNKNOWN,
	"DKIM passes for myexample-com.20230601.gappssmtp.com, not aligned with example.com: a tenant that "
	"none of "
	"your mail passed with; if myexample-com.20230601.gappssmtp.com is yours, mark it ours"},
    {"ff", "rr", NULL, NULL, {DKIM("example-net.20230601.gappssmtp.com", "20230601", "pass")}, 0, 0,
	MAIL_UNKNOWN,
	"DKIM passes for example-net.20230601.gappssmtp.com, not aligned with example.com: a tenant that "
	"none of "
	"your mail passed with; if example-net.20230601.gappssmtp.com is yours, mark it ours"},
    /* unknown: some organisation */
    {"ff", "rr", NULL, NULL, {SPF("a.example", "pass")}, 0, 0, MAIL_UNKNOWN,
	"SPF passes for a.example, not aligned with example.com"},
    {"ff", "rr", NULL, NULL, {{DETAIL_SPF, "mx.a.example", "helo", "pass", NULL}, SPF("example.com", "fail")},
	0, 0, MAIL_SPOOFED, "SPF does not list the server; no DKIM signature"},
    {"ff", "rr", NULL, NULL, {SPF("a.example", "pass")}, 0, DECISION_NOT_OURS, MAIL_SPOOFED,
	"SPF passes for a.example, not aligned with example.com"},
    /* broken: only where something beside the mail says that it is the owner's */
    {"ff", "rr", NULL, NULL,
	{{DETAIL_DKIM, "example.com", "s2023", "fail", "body hash did not verify"},
	    SPF("example.com", "fail")},
	ADDRESS | BY_SPF, 0, MAIL_BROKEN,
	"DKIM example.com/s2023 fails (body hash did not verify); this address passed before"},
    {"ff", "rr", NULL, NULL, {DKIM("example.com", "s2023", "fail"), SPF("example.com", "fail")}, 0, 0,
	MAIL_SPOOFED,
	"SPF does not list the server; the DKIM signature is broken; carries a signature of yours "
	"(example.com/s2023) that fails: mark it ours if it is"},
    {"ff", "rr", NULL, NULL, {SPF("example.com", "permerror")}, ADDRESS | BY_SPF, 0, MAIL_BROKEN,
	"SPF permerror for example.com; this address passed before"},
    {"ff", "rr", NULL, NULL, {SPF("example.com", "permerror")}, ADDRESS | RELAYS, 0, MAIL_SPOOFED,
	"the SPF record is broken; no DKIM signature"},
    {"ff", "rr", NULL, NULL, {SPF("example.com", "softfail")}, SOURCE, 0, MAIL_BROKEN,
	"SPF softfail for example.com; its network passed before"},
    {"ff", "rr", NULL, NULL, {DKIM("example.com", "s1", "permerror"), SPF("em.sendgrid.net", "pass")}, 0, 0,
	MAIL_BROKEN, "DKIM example.com/s1 gives permerror; sent by Twilio SendGrid"},
    {"ff", "rr", NULL, NULL, {{0}}, 0, DECISION_OURS, MAIL_BROKEN, "no SPF result; no DKIM signature"},
    /* ... or where the organisation is right and a mode is strict */
    {"ff", "sr", NULL, NULL, {DKIM("mail.example.com", "s1", "pass")}, 0, 0, MAIL_BROKEN,
	"DKIM passes for mail.example.com, but adkim=s wants example.com"},
    {"ff", "rs", NULL, NULL, {SPF("mail.example.com", "pass")}, 0, 0, MAIL_BROKEN,
	"SPF passes for mail.example.com, but aspf=s wants example.com"},
    /* temporary: DNS alone, at a sender that is believed */
    {"ff", "rr", NULL, NULL, {DKIM("example.com", "s1", "temperror"), SPF("example.com", "softfail")},
	ADDRESS, 0, MAIL_TEMPORARY, "the DKIM key of example.com could not be looked up"},
    {"ff", "rr", NULL, NULL, {SPF("example.com", "temperror")}, ADDRESS, 0, MAIL_TEMPORARY,
	"the SPF record of example.com could not be looked up"},
    {"ff", "rr", NULL, NULL, {SPF("example.com", "temperror")}, 0, 0, MAIL_SPOOFED,
	"the SPF record could not be looked up; no DKIM signature"},
    {"ff", "rr", NULL, NULL, {DKIM("example.com", "s1", "fail"), SPF("example.com", "temperror")}, ADDRESS, 0,
	MAIL_BROKEN, "DKIM example.com/s1 fails; this address passed before"},
    {"ff", "rr", NULL, NULL, {SPF("a.example", "temperror")}, ADDRESS, 0, MAIL_BROKEN,
	"the SPF record could not be looked up; no DKIM signature; this address passed before"},
    /* spoofed: history and services are what speaks for it */
    {"ff", "rr", NULL, NULL, {SPF("example.com", "fail")}, 0, 0, MAIL_SPOOFED,
	"SPF does not list the server; no DKIM signature"},
    {"ff", "rr", NULL, NULL, {SPF("example.com", "fail")}, ADDRESS, 0, MAIL_BROKEN,
	"SPF fail for example.com; this address passed before"},
    /* inconsistent: either way */
    {"ff", "rr", NULL, NULL, {DKIM("example.com", "s1", "pass")}, 0, 0, MAIL_INCONSISTENT,
	"the reporter says dkim=fail, but d=example.com passes and is aligned"},
    {"fp", "rr", NULL, NULL, {SPF("a.example", "pass")}, 0, 0, MAIL_INCONSISTENT,
	"the reporter says spf=pass, but no SPF result that it lists passes and is aligned"},
    {"fp", "rr", NULL, NULL, {DKIM("a.example", "s", "fail")}, 0, 0, MAIL_SPF_ONLY,
	"SPF passes; no DKIM signature that counts"},
    {"pf", "rr", NULL, NULL, {DKIM("example.com", "s", "pass"), SPF("example.com", "pass")}, 0, 0,
	MAIL_DKIM_ONLY,
	"DKIM example.com/s passes; SPF passes for example.com, which the receiver doesn't count"},
    /* untold */
    {"-f", "rr", NULL, NULL, {DKIM("example.com", "s1", "pass")}, 0, 0, MAIL_UNTOLD,
	"the receiver tells no verdict"},
};

static struct str
verdict(char c)
{
	return str_of(c == 'p' ? "pass" : c == 'f' ? "fail" : NULL);
}

static void
fill(struct profile *profile, struct detail *details, int i)
{
	const struct given *given;

	*profile = (struct profile){.details = details};
	profile->field[PROFILE_HEADER_FROM] = str_of("example.com");
	profile->field[PROFILE_DKIM] = verdict(rows[i].said[0]);
	profile->field[PROFILE_SPF] = verdict(rows[i].said[1]);
	if (rows[i].reason != NULL)
		details[profile->count++] = (struct detail){
		    .kind = DETAIL_REASON, .a = str_of(rows[i].reason), .c = str_of(rows[i].comment)};
	for (given = rows[i].given; given < rows[i].given + MOST && given->kind != DETAIL_REASON; given++)
		details[profile->count++] = (struct detail){given->kind, str_of(given->a), str_of(given->b),
		    str_of(given->result), str_of(given->c), {NULL, 0}};
}

START_TEST(row_classified)
{
	const struct mail_history history = {
	    .source_passed = (rows[_i].known & SOURCE) != 0,
	    .address_passed = (rows[_i].known & ADDRESS) != 0,
	    .address_spf = (rows[_i].known & BY_SPF) != 0,
	    .address_relays = (rows[_i].known & RELAYS) != 0,
	    .selector_own = (rows[_i].known & OWN_KEY) != 0,
	    .source_relays = (rows[_i].known & VIA) != 0,
	    .tenant_own = (rows[_i].known & TENANT) != 0,
	};
	const struct modes modes = {rows[_i].modes[0] == 's', rows[_i].modes[1] == 's'};
	struct senders *senders = senders_new();
	struct detail details[MOST + 1] = {{0}};
	struct profile profile;
	struct mail_facts facts;
	char evidence[MAIL_EVIDENCE];
	enum mail_class class;

	fill(&profile, details, _i);
	mail_facts(&facts, senders, &profile, modes);
	class = mail_classify(&facts, &history, rows[_i].decision);
	ck_assert_uint_eq(mail_evidence(evidence, &facts, &history, class), strlen(evidence));
	ck_assert_msg(class == rows[_i].class && strcmp(evidence, rows[_i].evidence) == 0,
	    "row %d is %s: \"%s\", not %s: \"%s\"", _i, mail_class_word(class), evidence,
	    mail_class_word(rows[_i].class), rows[_i].evidence);
	senders_free(senders);
}
END_TEST

START_TEST(every_class_told)
{
	size_t i, k;

	for (k = 0; k < MAIL_CLASSES; k++) {
		for (i = 0; i < sizeof rows / sizeof *rows && rows[i].class != k; i++)
			continue;
		ck_assert_msg(
		    i < sizeof rows / sizeof *rows, "no row is %s", mail_class_word((enum mail_class)k));
		ck_assert_uint_gt(strlen(mail_class_title((enum mail_class)k)), 0);
	}
}
END_TEST

START_TEST(long_texts_bounded)
{
	static char name[70000];
	struct detail detail = {
	    DETAIL_DKIM, {name, 69999}, {name, 69999}, {name, 69999}, {name, 69999}, {NULL, 0}};
	struct profile profile = {.details = &detail, .count = 1};
	struct mail_history history = {.address_passed = true};
	struct senders *senders = senders_new();
	struct mail_facts facts;
	char evidence[MAIL_EVIDENCE];
	int kind;

	memset(name, 'a', sizeof name - 1);
	profile.field[PROFILE_HEADER_FROM] = detail.a;
	profile.field[PROFILE_DKIM] = profile.field[PROFILE_SPF] = str_of("fail");
	mail_facts(&facts, senders, &profile, (struct modes){0});
	for (kind = 0; kind < MAIL_CLASSES; kind++) {
		size_t len = mail_evidence(evidence, &facts, &history, (enum mail_class)kind);

		ck_assert_uint_lt(len, MAIL_EVIDENCE);
		ck_assert_uint_eq(len, strlen(evidence));
	}
	senders_free(senders);
}
END_TEST

int
main(void)
{
	TCase *tcase = tcase_create("classify");
	Suite *suite = suite_create("classify");

	suite_add_tcase(suite, tcase);
	tcase_add_loop_test(tcase, row_classified, 0, sizeof rows / sizeof *rows);
	tcase_add_test(tcase, every_class_told);
	tcase_add_test(tcase, long_texts_bounded);
	return run_suite(suite);
}
