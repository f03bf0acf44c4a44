/*
 * probe: the order of the steps, and what becomes of those behind one that failed. A new step is a function
 * and a line in the plan.
 */
#include "mailbox/probe.h"

#include "mailbox/probing.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *
probe_word(enum probe_result result)
{
	static const char *const words[] = {"ok", "unknown", "warning", "failed", "not tried"};

	return words[result];
}

const char *
probe_state_word(enum net_state state)
{
	static const char *const words[] = {"open", "refused", "unreachable", "silent"};

	return words[state];
}

const char *
probe_service(uint16_t port)
{
	switch (port) {
	case 993:
		return "imaps";
	case 143:
		return "imap";
	case 995:
		return "pop3s";
	case 110:
		return "pop3";
	default:
		return NULL;
	}
}

enum exit_code
probe_exit_code(const struct probe *probe)
{
	enum exit_code code = EXIT_CODE_OK;
	size_t i;

	for (i = 0; i < probe->step_count; i++) {
		if (probe->steps[i].result == PROBE_FAILED)
			return probe->steps[i].exit_code;
		if (probe->steps[i].result == PROBE_WARNING)
			code = EXIT_CODE_FOUND;
	}
	return code;
}

const char *
probe_say(struct probing *probing, const char *format, ...)
{
	char text[SAY_TEXT];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof text, format, args);
	va_end(args);
	return arena_str(&probing->probe->arena, (struct str){text, strlen(text) + 1}).data;
}

void
probe_note(struct probing *probing, const char *about, enum probe_result result, const char *found,
    const char *advice)
{
	struct probe *probe = probing->probe;

	if (probe->step_count == PROBE_STEPS)
		return;
	about = about != NULL ? probe_say(probing, "%s", about) : NULL;
	probe->steps[probe->step_count++] = (struct probe_step){
	    .step = probing->step, .about = about, .result = result, .found = found, .advice = advice};
}

void
probe_fail(struct probing *probing, const char *about, enum exit_code exit_code, enum reach reach,
    const char *found, const char *advice)
{
	struct probe *probe = probing->probe;

	probe_note(probing, about, PROBE_FAILED, found, advice);
	probe->steps[probe->step_count - 1].exit_code = exit_code;
	if (reach < probing->reach)
		probing->reach = reach;
}

enum exit_code
probe_refused_code(enum status status, const struct err *err)
{
	return status == BAD ? refusal_exit_code(err->what, EXIT_CODE_CONFIG) : EXIT_CODE_TEMPORARY;
}

const char *
probe_wait(const char *said, enum refusal_of of, const char *otherwise)
{
	const struct refusal *refusal = refusal_find(said, of);

	return refusal != NULL && refusal->advice != NULL ? refusal->advice : otherwise;
}

/* How an account is reached: what of the plan belongs to it. */
enum { BY_TLS = 1, BY_STARTTLS = 2, BY_CLEAR = 4, BY_ANY = 7 };

static bool
names_archive(const struct account *account)
{
	return account->after == AFTER_ARCHIVE && account->archive != NULL;
}

static bool
names_search(const struct account *account)
{
	return account->protocol == ACCOUNT_IMAP && account->search != NULL;
}

static bool
names_invalid(const struct account *account)
{
	return account->invalid_folder != NULL;
}

static const struct plan {
	const char *step;
	unsigned by;
	enum reach needs;
	void (*run)(struct probing *probing);
	bool (*applies)(const struct account *account); /* NULL: to each */
} plan[] = {
    {"name", BY_ANY, REACH_TALK, probe_step_name, NULL},
    {"port", BY_ANY, REACH_TALK, probe_step_port, NULL},
    {"greeting", BY_STARTTLS | BY_CLEAR, REACH_TALK, probe_step_greeting, NULL},
    {"starttls", BY_STARTTLS, REACH_TALK, probe_step_starttls, NULL},
    {"tls", BY_TLS | BY_STARTTLS, REACH_TALK, probe_step_tls, NULL},
    {"certificate", BY_TLS | BY_STARTTLS, REACH_TALK, probe_step_certificate, NULL},
    {"greeting", BY_TLS, REACH_TALK, probe_step_greeting, NULL},
    {"capabilities", BY_ANY, REACH_TALK, probe_step_capabilities, NULL},
    {"tls", BY_CLEAR, REACH_TALK, probe_step_tls, NULL},
    {"methods", BY_ANY, REACH_TALK, probe_step_methods, NULL},
    {"clock", BY_ANY, REACH_TALK, probe_step_clock, NULL},
    {"login", BY_ANY, REACH_LOGIN, probe_step_login, NULL},
    {"folder", BY_ANY, REACH_LOGIN, probe_step_folder, NULL},
    {"search", BY_ANY, REACH_LOGIN, probe_step_search, names_search},
    {"rights", BY_ANY, REACH_LOGIN, probe_step_rights, NULL},
    {"archive", BY_ANY, REACH_LOGIN, probe_step_archive, names_archive},
    {"invalid", BY_ANY, REACH_LOGIN, probe_step_invalid, names_invalid},
};

static void
say_goodbye(struct probing *probing)
{
	struct err ignored;

	probe_allow_link(probing);
	if (probing->imap != NULL && probing->reach == REACH_LOGIN)
		(void)imap_logout(probing->imap, &ignored);
	if (probing->pop3 != NULL && probing->reach == REACH_LOGIN)
		(void)pop3_quit(probing->pop3, NULL, 0, &ignored);
	imap_close(probing->imap);
	pop3_close(probing->pop3);
}

void
probe_run(struct probe *probe, const struct account *account, unsigned seconds)
{
	static const unsigned by[] = {BY_TLS, BY_STARTTLS, BY_CLEAR}; /* enum account_security */
	struct account own = *account;
	struct probing probing = {.probe = probe, .account = &own, .seconds = seconds};
	size_t i;

	memset(probe, 0, sizeof *probe);
	arena_init(&probe->arena);
	own.timeout = seconds;
	probing.reach = REACH_LOGIN;
	probing.wire.fd = -1;
	for (i = 0; i < sizeof plan / sizeof plan[0]; i++) {
		if ((plan[i].by & by[account->security]) == 0 ||
		    (plan[i].applies != NULL && !plan[i].applies(account)))
			continue;
		probing.step = plan[i].step;
		if (probing.reach >= plan[i].needs)
			plan[i].run(&probing);
		else
			probe_note(&probing, NULL, PROBE_NOT_TRIED, NULL, NULL);
	}
	wire_close(&probing.wire);
	say_goodbye(&probing);
}

void
probe_free(struct probe *probe)
{
	arena_free(&probe->arena);
}
