/*
 * watch: one connection that waits. It only looks (EXAMINE); what came is imported over a connection of its
 * own, so that a long import never keeps the server's news waiting.
 */
#include "mailbox/watch.h"

#include "mailbox/imap.h"
#include "mailbox/pop3.h"

#include <stdlib.h>
#include <time.h>

enum {
	SPOOL_MEMORY = 65536, /* no mail is fetched */
	SLICE = 5,            /* seconds between two looks at the clock */
	TICK_MS = 250,
};

static int64_t
ms_of(clockid_t clock)
{
	struct timespec now;

	(void)clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t
seconds_of(clockid_t clock)
{
	return ms_of(clock) / 1000;
}

/* CLOCK_MONOTONIC stands still while the machine sleeps. */
int64_t
watch_clock(void)
{
	return seconds_of(CLOCK_REALTIME) - seconds_of(CLOCK_MONOTONIC);
}

bool
watch_jumped(int64_t before, int64_t after)
{
	return llabs(after - before) > WATCH_JUMP;
}

bool
watch_sleep(unsigned seconds, bool (*stop)(void), bool *jumped)
{
	const struct timespec tick = {0, TICK_MS * 1000000};
	int64_t end = ms_of(CLOCK_MONOTONIC) + (int64_t)seconds * 1000, before = watch_clock();

	*jumped = false;
	while (!stop() && ms_of(CLOCK_MONOTONIC) < end) {
		(void)nanosleep(&tick, NULL);
		*jumped = watch_jumped(before, watch_clock());
		if (*jumped)
			return stop();
	}
	return stop();
}

static void
tell_news(struct watch *watch)
{
	watch->connected = true;
	watch->news(watch->data);
}

static enum status
poll_mailbox(struct watch *watch)
{
	bool jumped;

	do
		tell_news(watch);
	while (!watch_sleep(watch->poll, watch->stop, &jumped));
	return OK;
}

/*
 * A server that lets one in only for the import would be asked again and again with a wrong password, until
 * it locks the account: the first login is tried here, where a refusal ends the watch.
 */
static enum status
watch_pop3(struct watch *watch, struct err *err)
{
	struct pop3 *pop3;
	enum status status = pop3_open(&pop3, watch->account, watch->stop, err);

	if (status != OK)
		return watch->stop() ? OK : status;
	/* A mailbox is one session's at a time: the import is the next. */
	status = pop3_quit(pop3, NULL, 0, err);
	pop3_close(pop3);
	return status > BAD ? status : poll_mailbox(watch);
}

static enum status
slept(struct err *err)
{
	return err_stop(err, EXIT_CODE_TEMPORARY, "the clock jumped: connecting anew");
}

/* Until the IDLE is to be ended. News may be told by the way, as by any answer of the server. */
static enum status
wait_for_news(struct watch *watch, struct imap *imap, bool *news, struct err *err)
{
	int64_t end = seconds_of(CLOCK_MONOTONIC), before = watch_clock();
	enum status status = OK;

	*news = false;
	end += watch->poll < WATCH_IDLE ? watch->poll : WATCH_IDLE;
	while (status == OK && !*news && !watch->stop() && seconds_of(CLOCK_MONOTONIC) < end) {
		status = imap_idle_wait(imap, news, SLICE, err);
		if (status == OK && watch_jumped(before, watch_clock()))
			return slept(err);
	}
	return status;
}

/* One IDLE from begin to end. */
static enum status
idle_once(struct watch *watch, struct imap *imap, struct err *err)
{
	uint32_t before = imap_folder(imap)->exists;
	enum status status = imap_idle(imap, err);
	bool news = false;

	if (status == OK && !watch->connected)
		tell_news(watch);
	if (status == OK)
		status = wait_for_news(watch, imap, &news, err);
	if (status == OK)
		status = imap_idle_done(imap, err);
	if (status == OK && (news || imap_folder(imap)->exists > before))
		tell_news(watch);
	return status;
}

static enum status
watch_imap(struct watch *watch, struct imap *imap, struct err *err)
{
	enum status status = imap_select(imap, watch->account->folder, true, err);

	while (status == OK && !watch->stop())
		status = idle_once(watch, imap, err);
	if (status == OK)
		(void)imap_logout(imap, err);
	return status;
}

enum status
watch_run(struct watch *watch, struct err *err)
{
	enum status status;
	struct imap *imap;
	bool can_idle;

	watch->connected = false;
	if (watch->account->protocol == ACCOUNT_POP3)
		return watch_pop3(watch, err);
	status = imap_open(&imap, watch->account, SPOOL_MEMORY, watch->stop, err);
	can_idle = status == OK && (imap_capabilities(imap) & IMAP_IDLE) != 0;
	if (can_idle)
		status = watch_imap(watch, imap, err);
	imap_close(imap);
	if (watch->stop())
		return OK;
	/* What the server refuses or garbles may be better with a new connection. */
	if (status == BAD || status == LIMIT)
		err->exit_code = EXIT_CODE_TEMPORARY;
	if (status == BAD || status == LIMIT)
		err->status = status = TEMP;
	return status == OK && !can_idle ? poll_mailbox(watch) : status;
}
