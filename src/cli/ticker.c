/* ticker: a thread that draws; all that it shares is the terminal, under its lock. */
#include "cli/ticker.h"

#include "base/mem.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct ticker {
	FILE *to;
	const char *what;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool over;
	bool shown; /* the line stands there now */
};

void
ticker_line(char line[TICKER_TEXT], const char *what, unsigned long long seconds)
{
	if (seconds >= 3600)
		(void)snprintf(line, TICKER_TEXT, "%.80s  %llu:%02llu:%02llu", what, seconds / 3600,
		    seconds / 60 % 60, seconds % 60);
	else
		(void)snprintf(line, TICKER_TEXT, "%.80s  %llu:%02llu", what, seconds / 60, seconds % 60);
}

static void
clear(struct ticker *ticker)
{
	if (!ticker->shown)
		return;
	(void)fputs("\r\033[K", ticker->to);
	(void)fflush(ticker->to);
	ticker->shown = false;
}

static void
draw(struct ticker *ticker, unsigned long long seconds)
{
	char line[TICKER_TEXT];

	ticker_line(line, ticker->what, seconds);
	(void)fprintf(ticker->to, "\r\033[K%s", line);
	(void)fflush(ticker->to);
	ticker->shown = true;
}

static void *
ticker_run(void *data)
{
	struct ticker *ticker = data;
	unsigned long long seconds = 0;
	struct timespec next;

	(void)clock_gettime(CLOCK_MONOTONIC, &next);
	(void)pthread_mutex_lock(&ticker->lock);
	while (!ticker->over) {
		next.tv_sec++;
		while (!ticker->over &&
		       pthread_cond_timedwait(&ticker->changed, &ticker->lock, &next) != ETIMEDOUT)
			continue;
		if (!ticker->over)
			draw(ticker, ++seconds);
	}
	clear(ticker);
	(void)pthread_mutex_unlock(&ticker->lock);
	return NULL;
}

static void
ticker_free(struct ticker *ticker)
{
	(void)pthread_cond_destroy(&ticker->changed);
	(void)pthread_mutex_destroy(&ticker->lock);
	free(ticker);
}

struct ticker *
ticker_begin(FILE *to, bool wanted, const char *what)
{
	struct ticker *ticker;
	pthread_condattr_t clock;

	if (!wanted || isatty(fileno(to)) != 1)
		return NULL;
	ticker = mem_zero(1, sizeof *ticker);
	ticker->to = to;
	ticker->what = what;
	(void)pthread_mutex_init(&ticker->lock, NULL);
	(void)pthread_condattr_init(&clock);
	(void)pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&ticker->changed, &clock);
	(void)pthread_condattr_destroy(&clock);
	if (pthread_create(&ticker->thread, NULL, ticker_run, ticker) == 0)
		return ticker;
	ticker_free(ticker);
	return NULL;
}

void
ticker_clear(struct ticker *ticker)
{
	if (ticker == NULL)
		return;
	(void)pthread_mutex_lock(&ticker->lock);
	clear(ticker);
	(void)pthread_mutex_unlock(&ticker->lock);
}

void
ticker_end(struct ticker *ticker)
{
	if (ticker == NULL)
		return;
	(void)pthread_mutex_lock(&ticker->lock);
	ticker->over = true;
	(void)pthread_cond_signal(&ticker->changed);
	(void)pthread_mutex_unlock(&ticker->lock);
	(void)pthread_join(ticker->thread, NULL);
	ticker_free(ticker);
}
