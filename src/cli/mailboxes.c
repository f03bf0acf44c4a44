/*
 * mailboxes: accounts from [mailbox NAME] sections and URLs. The same reading finds the mistakes of a section
 * and makes its account, so that neither knows a setting that the other does not. A new setting is a line in
 * config/sections.c and its place in read_section.
 */
#include "cli/mailboxes.h"

#include "base/mem.h"
#include "base/text.h"
#include "base/words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A section that is being read. */
struct reading {
	struct config *config; /* where mistakes go; NULL: there are none any more */
	const struct config *from;
	const char *name;
	struct account *account;
	struct arena *arena;
};

static const struct setting *
find(const struct reading *reading, const char *key)
{
	return config_find(reading->from, "mailbox", reading->name, key);
}

static const char *
text_of(const struct reading *reading, const char *key)
{
	return find(reading, key)->text;
}

/* A mistake of one setting; a setting that is not there has the section's line. */
static void
wrong(struct reading *reading, const char *key, const char *what, const char *detail)
{
	const struct setting *setting = find(reading, key);

	if (reading->config != NULL)
		config_mistake(reading->config, setting->line > 0 ? setting->line : setting->section_line,
		    "mailbox", reading->name, "%s: %s%.100s", key, what, detail);
}

/* The name is an argument of commands: it can't be taken for a file or an option. */
static void
check_name(struct reading *reading)
{
	if (reading->config != NULL && (strchr(reading->name, '/') != NULL || reading->name[0] == '-'))
		config_mistake(reading->config, find(reading, "url")->section_line, "mailbox", reading->name,
		    "a name has no / and does not begin with -");
}

/* Whether the URL itself names a folder, be it INBOX. */
static bool
url_has_folder(const char *url)
{
	const char *path = strstr(url, "://") + 3;

	path += strcspn(path, "/?");
	return path[0] == '/' && path[1] != '\0' && path[1] != '?';
}

/* Whether the account can be looked at further. The value is not shown: there may be a password in it. */
static bool
read_url(struct reading *reading)
{
	const char *url = text_of(reading, "url"), *user = text_of(reading, "user");
	struct account *account = reading->account;
	struct err err;

	if (url == NULL) {
		if (find(reading, "url")->line == 0)
			wrong(reading, "url", "missing: where is this mailbox?", "");
		return false;
	}
	if (account_from_url(account, reading->arena, url, &err) != OK) {
		wrong(reading, "url", err.what, "");
		return false;
	}
	if (user != NULL && account->user != NULL)
		wrong(reading, "user", "the url names one already", "");
	else if (user != NULL)
		account->user = user;
	else if (account->user == NULL && find(reading, "user")->line == 0)
		wrong(reading, "user", "missing, and the url names none", "");
	return true;
}

static void
read_login(struct reading *reading)
{
	const struct {
		const char *key, **to;
	} ways[] = {
	    {"password-file", &reading->account->password_file},
	    {"password-command", &reading->account->password_command},
	    {"credential", &reading->account->credential},
	    {"oauth2-token-command", &reading->account->token_command},
	};
	const struct setting *first = NULL, *setting;
	size_t i;

	for (i = 0; i < sizeof ways / sizeof *ways; i++) {
		setting = find(reading, ways[i].key);
		*ways[i].to = setting->text;
		if (setting->line == 0)
			continue;
		if (first == NULL)
			first = setting;
		else if (setting->line > first->line)
			wrong(reading, ways[i].key, "two ways to log in, the other one is ", first->key.name);
		else {
			wrong(reading, first->key.name, "two ways to log in, the other one is ", ways[i].key);
			first = setting;
		}
	}
	if (reading->account->credential != NULL &&
	    (strchr(reading->account->credential, '/') != NULL || reading->account->credential[0] == '.'))
		wrong(reading, "credential", "not the name of a credential: ", reading->account->credential);
}

static bool
same_folder(const char *a, const char *b)
{
	return strcmp(a, b) == 0 ||
	       (text_same_nocase(a, strlen(a), "INBOX") && text_same_nocase(b, strlen(b), "INBOX"));
}

static void
read_after(struct reading *reading)
{
	static const char archive[] = "archive:";
	struct account *account = reading->account;
	const char *text = text_of(reading, "after");

	if (text == NULL || strcmp(text, "leave") == 0)
		return;
	if (strcmp(text, "delete") == 0)
		account->after = AFTER_DELETE;
	else if (strcmp(text, "seen") == 0)
		account->after = AFTER_SEEN;
	else if (strncmp(text, archive, sizeof archive - 1) == 0 && text[sizeof archive - 1] != '\0') {
		account->after = AFTER_ARCHIVE;
		account->archive = text + sizeof archive - 1;
	} else
		wrong(reading, "after", "none of archive:FOLDER, seen, delete, leave: ", text);
}

/* A "{5}" would be the beginning of a literal, other bytes need a CHARSET (RFC 9051 s. 6.4.4). */
static void
read_search(struct reading *reading)
{
	const char *search = reading->account->search = text_of(reading, "search");

	for (; search != NULL && *search != '\0'; search++)
		if (*search == '{' || (unsigned char)*search > '~') {
			wrong(reading, "search", "only ASCII without {: ", reading->account->search);
			break;
		}
}

static void
read_folders(struct reading *reading)
{
	struct account *account = reading->account;
	const char *folder = text_of(reading, "folder");

	if (folder != NULL && url_has_folder(text_of(reading, "url")))
		wrong(reading, "folder", "the url names one already", "");
	if (folder != NULL)
		account->folder = folder;
	read_after(reading);
	account->invalid_folder = text_of(reading, "invalid-folder");
	read_search(reading);
	if (account->archive != NULL && same_folder(account->archive, account->folder))
		wrong(reading, "after", "the archive is the folder itself: ", account->archive);
	if (account->invalid_folder != NULL && same_folder(account->invalid_folder, account->folder))
		wrong(reading, "invalid-folder", "the same as the folder: ", account->invalid_folder);
}

/* What POP3 has no words for. */
static void
check_pop3(struct reading *reading)
{
	static const char *const keys[] = {"folder", "invalid-folder", "search"};
	size_t i;

	for (i = 0; i < sizeof keys / sizeof *keys; i++)
		if (find(reading, keys[i])->line > 0)
			wrong(reading, keys[i], "POP3 knows no such thing, only IMAP does", "");
	read_after(reading);
	if (reading->account->after == AFTER_ARCHIVE || reading->account->after == AFTER_SEEN)
		wrong(reading, "after", "POP3 can only delete or leave: ", text_of(reading, "after"));
}

/* Without a URL: what can be wrong whatever it will be. */
static void
check_the_rest(struct reading *reading)
{
	const char *url = text_of(reading, "url");

	if (url != NULL && strncmp(url, "pop3", 4) == 0) {
		check_pop3(reading);
		return;
	}
	read_after(reading);
	read_search(reading);
}

static void
read_section(struct reading *reading)
{
	struct account *account = reading->account;
	bool known;

	check_name(reading);
	known = read_url(reading);
	read_login(reading);
	if (!known) {
		check_the_rest(reading);
		return;
	}
	account->name = reading->name;
	account->ca_file = text_of(reading, "ca-file");
	account->batch = (unsigned)find(reading, "batch")->number;
	account->timeout = (unsigned)find(reading, "timeout")->number;
	account->max_message = find(reading, "max-message")->number;
	if (account->protocol == ACCOUNT_POP3)
		check_pop3(reading);
	else
		read_folders(reading);
	account_name_url(account, reading->arena);
}

void
mailboxes_check(struct config *config)
{
	struct reading reading = {.config = config, .from = config};
	struct account account;
	struct arena arena;
	size_t i;

	arena_init(&arena);
	for (i = 0; (reading.name = config_name(config, "mailbox", i)) != NULL; i++) {
		account = (struct account){.name = NULL};
		reading.account = &account;
		reading.arena = &arena;
		read_section(&reading);
	}
	arena_free(&arena);
}

void
mailboxes_check_files(struct config *config)
{
	static const char *const keys[] = {"ca-file", "password-file"};
	struct reading reading = {.config = config, .from = config};
	struct stat st;
	size_t i, k;

	for (i = 0; (reading.name = config_name(config, "mailbox", i)) != NULL; i++)
		for (k = 0; k < sizeof keys / sizeof *keys; k++)
			if (text_of(&reading, keys[k]) != NULL &&
			    stat(text_of(&reading, keys[k]), &st) != 0 &&
			    (errno == ENOENT || errno == ENOTDIR))
				wrong(
				    &reading, keys[k], "there is no such file: ", text_of(&reading, keys[k]));
}

bool
mailbox_find(struct account *account, struct arena *arena, const struct config *config, const char *name)
{
	struct reading reading = {.from = config, .account = account, .arena = arena};
	size_t i;

	for (i = 0; (reading.name = config_name(config, "mailbox", i)) != NULL; i++)
		if (strcmp(reading.name, name) == 0) {
			read_section(&reading);
			return true;
		}
	return false;
}

/*
 * A URL as the place of an error: who gave a password along must not find it in a log, also when there is a
 * character in it that ends the authority.
 */
static enum status
place(struct err *err, const char *url)
{
	const char *authority = strstr(url, "://") + 3;
	const char *last = memrchr(authority, '@', strcspn(authority, "/?#"));

	if (last == NULL)
		last = strrchr(authority, '@');
	if (last == NULL || memchr(authority, ':', (size_t)(last - authority)) == NULL)
		return err_at(err, "%s", url);
	return err_at(err, "%.*s...%s", (int)(authority - url), url, last);
}

enum status
mailbox_of_url(struct account *account, struct arena *arena, const struct context *context, const char *text,
    struct err *err)
{
	enum status status = account_from_url(account, arena, text, err);

	if (status == OK && account->user == NULL)
		status = err_stop(err, EXIT_CODE_USAGE, "it names no user: SCHEME://USER@HOST/FOLDER");
	if (status != OK)
		return place(err, text);
	account->password_file = context_option(context, "password-file");
	account->ca_file = context_option(context, "ca-file");
	return OK;
}

static void
tell_clear(const struct context *context, const struct account *account)
{
	struct err err;

	if (account->security != ACCOUNT_CLEAR)
		return;
	(void)err_set(
	    &err, OK, "insecure=1: the connection is not encrypted, others can read password and mails");
	(void)err_at(&err, "%s", account->url);
	context_message(context, &err);
}

static enum status
not_there(const struct config *config, const char *name, struct err *err)
{
	const char *best = NULL, *other;
	size_t i;

	for (i = 0; (other = config_name(config, "mailbox", i)) != NULL; i++)
		word_nearest(&best, name, other);
	if (best != NULL)
		(void)err_stop(
		    err, EXIT_CODE_USAGE, "the configuration has no such mailbox; did you mean %s?", best);
	else
		(void)err_stop(err, EXIT_CODE_USAGE, "the configuration has no such mailbox");
	return err_at(err, "%s", name);
}

/* By hand some ways to the password are closed: a credential is handed to a unit of systemd alone. */
static void
override(struct account *account, const struct context *context)
{
	const char *password = context_option(context, "password-file"),
		   *ca = context_option(context, "ca-file");

	if (password != NULL) {
		account->password_command = account->credential = account->token_command = NULL;
		account->password_file = password;
	}
	if (ca != NULL)
		account->ca_file = ca;
}

static enum status
take_source(struct sources *sources, const struct context *context, enum sources_of of, const char *text,
    struct err *err)
{
	struct account *account = arena_zero(&sources->arena, sizeof *account);
	bool is_url = of != SOURCES_MAILBOXES && account_is_url(text);

	if (is_url && mailbox_of_url(account, &sources->arena, context, text, err) != OK)
		return err->status;
	if (!is_url && !mailbox_find(account, &sources->arena, context->config, text))
		account = NULL;
	if (!is_url && account != NULL && of == SOURCES_PROBED)
		override(account, context);
	if (of == SOURCES_MAILBOXES && account == NULL)
		return not_there(context->config, text, err);
	if (account != NULL)
		tell_clear(context, account);
	sources->texts[sources->count] = account == NULL ? text : account->url;
	sources->accounts[sources->count++] = account;
	return OK;
}

/* An option that changes nothing is a slip: the mailbox that it was meant for is none. */
static enum status
check_options(const struct context *context, enum sources_of of, struct err *err)
{
	static const char *const names[] = {"password-file", "ca-file"};
	bool any = of == SOURCES_PROBED;
	size_t i;

	for (i = 0; i < context->arg_count; i++)
		any |= account_is_url(context->args[i]);
	for (i = 0; !any && i < sizeof names / sizeof *names; i++) {
		if (context_option(context, names[i]) == NULL)
			continue;
		(void)err_stop(err, EXIT_CODE_USAGE, "it is for mailboxes that are given as a URL");
		return err_at(err, "--%s", names[i]);
	}
	return OK;
}

enum status
sources_choose(struct sources *sources, const struct context *context, enum sources_of of, struct err *err)
{
	const struct config *config = context->config;
	size_t all = context->arg_count, i;
	enum status status;

	memset(sources, 0, sizeof *sources);
	arena_init(&sources->arena);
	status = check_options(context, of, err);
	while (context->arg_count == 0 && config_name(config, "mailbox", all) != NULL)
		all++;
	if (status == OK && all == 0)
		status = err_stop(err, EXIT_CODE_USAGE,
		    "%s is missing, and the configuration has no [mailbox NAME]",
		    of == SOURCES_MAILBOXES ? "NAME" : "SOURCE");
	sources->texts = mem_zero(all, sizeof *sources->texts);
	sources->accounts = mem_zero(all, sizeof *sources->accounts);
	for (i = 0; status == OK && i < all; i++)
		status = take_source(sources, context, of,
		    context->arg_count > 0 ? context->args[i] : config_name(config, "mailbox", i), err);
	return status;
}

/* Whether a place is this mailbox or in it. */
static bool
is_at(const char *where, const char *url)
{
	size_t len = strlen(url);

	return strncmp(where, url, len) == 0 && (where[len] == '\0' || strchr(":/;", where[len]) != NULL);
}

void
sources_name(const struct sources *sources, const char *then, struct err *err)
{
	const struct account *account = NULL;
	struct err failed = *err;
	size_t i;

	for (i = 0; i < sources->count && account == NULL; i++)
		if (sources->accounts[i] != NULL && sources->accounts[i]->name != NULL &&
		    is_at(err->where, sources->accounts[i]->url))
			account = sources->accounts[i];
	if (account == NULL || err->status < TEMP)
		return;
	(void)err_set(err, failed.status, "%.380s%s%s; `dmarcq doctor %.60s` looks into it", failed.what,
	    then != NULL ? "; " : "", then != NULL ? then : "", account->name);
	(void)err_at(err, "%s: %.400s", account->name, failed.where);
}

void
sources_free(struct sources *sources)
{
	free(sources->texts);
	free(sources->accounts);
	arena_free(&sources->arena);
	memset(sources, 0, sizeof *sources);
}
