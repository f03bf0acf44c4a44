/*
 * watchers: threads around watch_run. A mailbox that was never reached because of what no waiting mends is
 * given up; everything else is tried again with growing pauses.
 */
#include "cli/watchers.h"

#include "base/mem.h"
#include "mailbox/watch.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct watcher {
	struct watchers *all;
	size_t number;
	struct watch watch;
	pthread_t thread;
	bool started, ever_connected;
	bool told; /* a failure, since it was connected */
};

struct watchers {
	const struct context *context;
	void (*news)(void *data, size_t mailbox);
	void (*wake)(void *data);
	void *data;
	pthread_mutex_t lock; /* messages, and what follows */
	size_t left;
	struct err last;
	size_t count;
	struct watcher watchers[];
};

/* There is one set of them at a time: libcurl's waits ask without knowing for whom. */
static atomic_bool stopping;

static bool
is_stopping(void)
{
	return stopping;
}

unsigned
watch_next_pause(unsigned before)
{
	return before * 2 < WATCH_PAUSE_MOST ? before * 2 : WATCH_PAUSE_MOST;
}

static void
tell(struct watcher *watcher, const struct err *err)
{
	struct watchers *all = watcher->all;
	struct err line;

	(void)pthread_mutex_lock(&all->lock);
	if (!watcher->told || all->context->verbose) {
		(void)err_set(&line, TEMP, "%.400s; it is tried again", err->what);
		(void)err_at(&line, "%s", watcher->watch.account->name);
		context_message(all->context, &line);
	}
	watcher->told = true;
	(void)pthread_mutex_unlock(&all->lock);
}

/* watch.news */
static void
on_news(void *data)
{
	struct watcher *watcher = data;
	struct watchers *all = watcher->all;
	struct err line;

	if (watcher->told) {
		watcher->told = false;
		(void)err_set(&line, OK, "connected again");
		(void)err_at(&line, "%s", watcher->watch.account->name);
		(void)pthread_mutex_lock(&all->lock);
		context_message(all->context, &line);
		(void)pthread_mutex_unlock(&all->lock);
	}
	watcher->ever_connected = true;
	all->news(all->data, watcher->number);
}

/* The last one's error ends the program, which tells it. */
static void
give_up(struct watcher *watcher, const struct err *err)
{
	struct watchers *all = watcher->all;
	struct err line;

	(void)pthread_mutex_lock(&all->lock);
	all->left--;
	all->last = *err;
	all->last.where[0] = '\0';
	(void)err_at(&all->last, "%s", watcher->watch.account->name);
	if (all->left > 0) {
		(void)err_set(&line, FATAL, "%.400s; it is given up, the others are watched on", err->what);
		(void)err_at(&line, "%s", watcher->watch.account->name);
		context_message(all->context, &line);
	}
	(void)pthread_mutex_unlock(&all->lock);
	all->wake(all->data);
}

static void *
watch_thread(void *data)
{
	struct watcher *watcher = data;
	unsigned pause = WATCH_PAUSE;
	enum status status;
	struct err err;
	bool jumped;

	for (;;) {
		status = watch_run(&watcher->watch, &err);
		if (is_stopping())
			return NULL;
		if (watcher->watch.connected)
			pause = WATCH_PAUSE;
		if (status == FATAL && err.exit_code != EXIT_CODE_TEMPORARY && !watcher->ever_connected) {
			give_up(watcher, &err);
			return NULL;
		}
		tell(watcher, &err);
		if (watch_sleep(pause, is_stopping, &jumped))
			return NULL;
		pause = watch_next_pause(pause);
	}
}

static void
start(struct watcher *watcher, const struct account *account, const struct config *config)
{
	const struct setting *poll = config_find(config, "mailbox", account->name, "poll");
	struct err err;

	watcher->watch = (struct watch){.account = account,
	    .poll = (unsigned)poll->number,
	    .stop = is_stopping,
	    .news = on_news,
	    .data = watcher};
	watcher->started = pthread_create(&watcher->thread, NULL, watch_thread, watcher) == 0;
	if (watcher->started)
		return;
	(void)err_stop(&err, EXIT_CODE_MEMORY, "no thread can be started");
	give_up(watcher, &err);
}

struct watchers *
watchers_start(const struct sources *sources, const struct context *context,
    void (*news)(void *data, size_t mailbox), void (*wake)(void *data), void *data)
{
	struct watchers *all = mem_zero(1, sizeof *all + sources->count * sizeof all->watchers[0]);
	struct watcher *watcher;
	sigset_t block, before;

	*all = (struct watchers){.context = context, .news = news, .wake = wake, .data = data};
	(void)pthread_mutex_init(&all->lock, NULL);
	all->left = sources->count;
	stopping = false;
	/* Signals are for the thread that waits for them. */
	(void)sigfillset(&block);
	(void)pthread_sigmask(SIG_BLOCK, &block, &before);
	for (; all->count < sources->count; all->count++) {
		watcher = &all->watchers[all->count];
		watcher->all = all;
		watcher->number = all->count;
		start(watcher, sources->accounts[all->count], context->config);
	}
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return all;
}

void
watchers_stop(struct watchers *watchers)
{
	size_t i;

	if (watchers == NULL)
		return;
	stopping = true;
	for (i = 0; i < watchers->count; i++)
		if (watchers->watchers[i].started)
			(void)pthread_join(watchers->watchers[i].thread, NULL);
	(void)pthread_mutex_destroy(&watchers->lock);
	free(watchers);
}

bool
watchers_are_gone(struct watchers *watchers, struct err *err)
{
	bool gone;

	(void)pthread_mutex_lock(&watchers->lock);
	gone = watchers->left == 0;
	*err = watchers->last;
	(void)pthread_mutex_unlock(&watchers->lock);
	return gone;
}
