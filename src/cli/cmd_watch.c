/*
 * cmd_watch: stays connected to mailboxes and imports what arrives. Threads tell news (watchers.c); this one
 * waits for them and for signals, imports by the ordinary way, one mailbox at a time, and speaks to systemd.
 */
#include "base/mem.h"
#include "cli/mailboxes.h"
#include "cli/notify.h"
#include "cli/options.h"
#include "cli/settings.h"
#include "cli/summary.h"
#include "cli/watchers.h"
#include "ingest/ingest.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum {
	GATHER_MS = 1500, /* from the first news to the import: mails seldom come alone */
	LOOK_MS = 10000,  /* between two signs of life to systemd, at most */
	MESSAGES_MAX = 20,
	NEVER = -1,
};

/* When a mailbox is to be imported. */
struct turn {
	int64_t due; /* milliseconds; NEVER */
	unsigned pause;
};

struct watching {
	struct context *context;
	struct sources sources;
	struct watchers *watchers;
	pthread_mutex_t lock; /* turns */
	struct turn *turns;
	uint64_t reports;  /* since the start */
	uint64_t messages; /* told in this import */
};

static volatile sig_atomic_t stop_signal, reload_signal;
static int wake_fd = -1;

static int64_t
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
wake(void *data)
{
	const uint64_t one = 1;
	ssize_t n = write(wake_fd, &one, sizeof one);

	(void)data;
	(void)n;
}

static void
on_signal(int number)
{
	int before = errno;

	if (number == SIGHUP)
		reload_signal = 1;
	else
		stop_signal = number;
	wake(NULL);
	errno = before;
}

/* A second signal to stop ends the program at once, which loses nothing. */
static void
catch_signals(void)
{
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};

	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(SIGHUP, &action, NULL);
	action.sa_flags = (int)SA_RESETHAND;
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
}

/* Asked by an import wherever it may have to wait: as long as somebody asks, the service is alive. */
static bool
stop_wanted(void)
{
	notify_alive();
	return stop_signal != 0;
}

/* watchers: news */
static void
on_news(void *data, size_t mailbox)
{
	struct watching *watching = data;
	struct turn *turn = &watching->turns[mailbox];

	(void)pthread_mutex_lock(&watching->lock);
	if (turn->due == NEVER || turn->due > now_ms() + GATHER_MS)
		turn->due = now_ms() + GATHER_MS;
	(void)pthread_mutex_unlock(&watching->lock);
	wake(NULL);
}

/* The mailbox whose turn it is, or the number of mailboxes and how long to wait for the next one. */
static size_t
take_turn(struct watching *watching, int *wait)
{
	size_t i, found = watching->sources.count;
	int64_t now = now_ms(), due;

	*wait = LOOK_MS;
	(void)pthread_mutex_lock(&watching->lock);
	for (i = 0; i < watching->sources.count && found == watching->sources.count; i++) {
		due = watching->turns[i].due;
		if (due == NEVER)
			continue;
		if (due <= now) {
			watching->turns[i].due = NEVER;
			found = i;
		} else if (due - now < *wait)
			*wait = (int)(due - now);
	}
	(void)pthread_mutex_unlock(&watching->lock);
	return found;
}

/* What failed for now is tried again, unless news come before. */
static void
try_again(struct watching *watching, size_t mailbox, bool failed)
{
	struct turn *turn = &watching->turns[mailbox];
	int64_t due;

	if (!failed) {
		turn->pause = WATCH_PAUSE;
		return;
	}
	turn->pause = watch_next_pause(turn->pause);
	due = now_ms() + (int64_t)turn->pause * 1000;
	(void)pthread_mutex_lock(&watching->lock);
	if (turn->due == NEVER)
		turn->due = due;
	(void)pthread_mutex_unlock(&watching->lock);
}

static void
on_message(void *data, const struct err *err)
{
	struct watching *watching = data;
	struct err named = *err;

	sources_name(&watching->sources, "it is tried again", &named);
	if (watching->messages++ < MESSAGES_MAX || watching->context->verbose)
		context_message(watching->context, &named);
}

/* "reports: 3 reports, 5 records, ...", for people who read the journal. */
static void
tell_summary(const struct watching *watching, size_t mailbox, const struct summary *summary)
{
	const struct context *context = watching->context;
	char *text = NULL;
	size_t len = 0;
	FILE *line;

	if (context->quiet || summary->counts.files == 0)
		return;
	line = open_memstream(&text, &len);
	if (line == NULL)
		return;
	(void)fprintf(line, "%s: ", watching->sources.accounts[mailbox]->name);
	summary_people(line, summary);
	if (fclose(line) == 0 && len > 0) {
		text[len - 1] = '\0';
		line_print(context->out, text);
		(void)fflush(context->out);
	}
	free(text);
}

static void
tell_status(const struct watching *watching)
{
	char text[128];

	(void)snprintf(text, sizeof text, "STATUS=watching %zu mailbox%s, %llu new reports since the start",
	    watching->sources.count, watching->sources.count == 1 ? "" : "es",
	    (unsigned long long)watching->reports);
	notify(text);
}

static enum status
run_import(struct watching *watching, const struct ingest_options *options, struct counts *counts,
    bool *failed, struct err *err)
{
	struct context *context = watching->context;
	struct ingest *ingest = NULL;
	enum status status;

	status = store_open_until(
	    &context->store, context->db_path, STORE_IMPORT, &context->limits, stop_wanted, err);
	if (status == OK)
		status = ingest_open(&ingest, options, err);
	if (status == OK)
		status = ingest_run(ingest, context->store, counts, err);
	*failed = status == OK && ingest_failure(ingest) != EXIT_CODE_OK;
	ingest_close(ingest);
	store_close(context->store);
	context->store = NULL;
	return status;
}

/* TEMP: another import holds the database, and this one is tried again. FATAL: it can't be written. */
static enum status
import_one(struct watching *watching, size_t mailbox, struct err *err)
{
	const struct ingest_options options = {.sources = &watching->sources.texts[mailbox],
	    .accounts = &watching->sources.accounts[mailbox],
	    .source_count = 1,
	    .keep_originals = true,
	    .trusted = settings_trusted(watching->context),
	    .settle = SETTLE_LEAVE,
	    .limits = &watching->context->limits,
	    .stop = stop_wanted,
	    .message = on_message,
	    .data = watching};
	struct summary summary = {.again = false};
	enum status status;
	bool failed;

	watching->messages = 0;
	summary_begin(&summary);
	status = run_import(watching, &options, &summary.counts, &failed, err);
	summary_end(&summary);
	watching->reports += summary.counts.reports;
	tell_summary(watching, mailbox, &summary);
	tell_status(watching);
	if (stop_signal != 0)
		return OK;
	if (status == TEMP)
		context_message(watching->context, err);
	try_again(watching, mailbox, failed || status == TEMP);
	return status == TEMP ? OK : status;
}

/* "watching reports (IMAP: IDLE, else every 300 s)": how that goes shows only when a server answers. */
static void
tell_begin(const struct watching *watching)
{
	const struct context *context = watching->context;
	const struct account *account;
	char *text = NULL;
	size_t len = 0, i;
	FILE *line = context->quiet ? NULL : open_memstream(&text, &len);

	if (line == NULL)
		return;
	for (i = 0; i < watching->sources.count; i++) {
		account = watching->sources.accounts[i];
		(void)fprintf(line, "%s%s (%s every %llu s)", i == 0 ? "watching " : ", ", account->name,
		    account->protocol == ACCOUNT_IMAP ? "IMAP: IDLE, else" : "POP3:",
		    (unsigned long long)config_find(context->config, "mailbox", account->name, "poll")
			->number);
	}
	if (fclose(line) == 0)
		line_print(context->out, text);
	(void)fflush(context->out);
	free(text);
}

static void
begin(struct watching *watching)
{
	size_t i;

	tell_begin(watching);
	free(watching->turns);
	watching->turns = mem_zero(watching->sources.count, sizeof *watching->turns);
	for (i = 0; i < watching->sources.count; i++)
		watching->turns[i] = (struct turn){NEVER, WATCH_PAUSE};
	watching->watchers = watchers_start(&watching->sources, watching->context, on_news, wake, watching);
	tell_status(watching);
}

/* A configuration with mistakes is told, and the one before holds on. */
static void
reload(struct watching *watching)
{
	struct context *context = watching->context, fresh = *context;
	struct sources sources = {.count = 0};
	struct err err;

	reload_signal = 0;
	notify("RELOADING=1");
	fresh.config = NULL;
	if (settings_read(&fresh, &err) == OK &&
	    sources_choose(&sources, &fresh, SOURCES_MAILBOXES, &err) == OK) {
		watchers_stop(watching->watchers);
		sources_free(&watching->sources);
		settings_free(context);
		context->config = fresh.config;
		context->db_path = fresh.db_path;
		context->limits = fresh.limits;
		watching->sources = sources;
		begin(watching);
	} else {
		context_message(context, &err);
		(void)err_set(&err, OK, "the configuration has mistakes: the one before holds on");
		context_message(context, &err);
		sources_free(&sources);
		settings_free(&fresh);
	}
	notify("READY=1");
}

static void
wait_for_news(int ms)
{
	struct pollfd poller = {.fd = wake_fd, .events = POLLIN};
	uint64_t times;
	ssize_t n;

	if (poll(&poller, 1, ms) > 0)
		n = read(wake_fd, &times, sizeof times);
	else
		n = 0;
	(void)n;
}

static enum status
watch_all(struct watching *watching, struct err *err)
{
	enum status status = OK;
	size_t mailbox;
	int wait;

	begin(watching);
	notify("READY=1");
	while (status == OK && !stop_wanted()) {
		if (reload_signal != 0)
			reload(watching);
		if (watchers_are_gone(watching->watchers, err))
			return err->status;
		mailbox = take_turn(watching, &wait);
		if (mailbox < watching->sources.count)
			status = import_one(watching, mailbox, err);
		else
			wait_for_news(wait);
	}
	return status;
}

static enum status
watch_command(struct context *context, struct err *err)
{
	struct watching watching = {.context = context};
	enum status status = settings_read(context, err);

	if (status == OK)
		status = sources_choose(&watching.sources, context, SOURCES_MAILBOXES, err);
	if (status == OK) {
		wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		if (wake_fd < 0)
			status = err_stop(err, EXIT_CODE_MEMORY, "eventfd: %s", strerror(errno));
	}
	if (status == OK) {
		(void)pthread_mutex_init(&watching.lock, NULL);
		catch_signals();
		status = watch_all(&watching, err);
		notify("STOPPING=1");
		watchers_stop(watching.watchers);
		(void)pthread_mutex_destroy(&watching.lock);
	}
	sources_free(&watching.sources);
	free(watching.turns);
	return status;
}

static const struct option options[] = {OPTION_END};

const struct command cmd_watch = {
    .name = "watch",
    .summary = "stays connected to mailboxes and imports what arrives",
    .arguments = "[NAME...]",
    .most_args = SIZE_MAX,
    .options = options,
    .needs = NEEDS_CONFIG,
    .run = watch_command,
};
