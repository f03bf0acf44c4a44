/*
 * sim [--seed N] [--seeds N] [--domains N] [--step DAYS] [--jobs N] [--only SCENARIO] [--domain N]
 * [--markdown]
 *     [--wrong] [--trace] [--limit NAME=QUARANTINE,REJECT]...
 * How good the advice is, measured on domains whose truth is known: --domains of each scenario (more of the
 * mixture) for each of --seeds seeds. Exits 1 when a goal is missed. --wrong tells of each wrong verdict,
 * harm that was not noticed and domains that spoofing blocks, --trace of every answer; with --only and
 * --domain they show one domain.
 */
#include "sim/sheet.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct plan {
	struct judge judge;
	long seed, seeds, domains, jobs, domain;
	const char *only;
	bool markdown;
	size_t count;
	struct domain_result *outcomes; /* shared with the jobs */
	unsigned char *owner;
};

static long
number(const char *text)
{
	int64_t value;

	if (!text_i64(&value, text, strlen(text), 0, 1000000)) {
		fprintf(stderr, "sim: not a number: %s\n", text);
		exit(64);
	}
	return (long)value;
}

static void
limit_set(struct advice_rules *rules, const char *text)
{
	size_t name = strcspn(text, "=");
	double to[2];
	bool known = false;

	if (sscanf(text + name, "=%lf,%lf", &to[0], &to[1]) != 2)
		name = 0;
#define RULE(field, word, to_quarantine, to_reject, unit, help)                                              \
	if (strlen(word) == name && strncmp(text, word, name) == 0) {                                        \
		memcpy(rules->field, to, sizeof(to));                                                        \
		known = true;                                                                                \
	}
#include "base/advice_rules.def"
#undef RULE
	if (!known) {
		fprintf(stderr, "sim: not a limit: %s\n", text);
		exit(64);
	}
}

static void
options(struct plan *plan, int argc, char **argv)
{
	static const struct option known[] = {{"seed", 1, NULL, 's'}, {"seeds", 1, NULL, 'n'},
	    {"domains", 1, NULL, 'd'}, {"step", 1, NULL, 'p'}, {"jobs", 1, NULL, 'j'}, {"only", 1, NULL, 'o'},
	    {"domain", 1, NULL, 'i'}, {"markdown", 0, NULL, 'm'}, {"wrong", 0, NULL, 'w'},
	    {"trace", 0, NULL, 't'}, {"limit", 1, NULL, 'l'}, {NULL, 0, NULL, 0}};
	int option;

	while ((option = getopt_long(argc, argv, "", known, NULL)) != -1)
		switch (option) {
		case 's':
			plan->seed = number(optarg);
			break;
		case 'n':
			plan->seeds = number(optarg);
			break;
		case 'd':
			plan->domains = number(optarg);
			break;
		case 'p':
			plan->judge.step = (int)number(optarg);
			break;
		case 'j':
			plan->jobs = number(optarg);
			break;
		case 'o':
			plan->only = optarg;
			break;
		case 'i':
			plan->domain = number(optarg);
			break;
		case 'm':
			plan->markdown = true;
			break;
		case 'w':
			plan->judge.wrong = true;
			break;
		case 't':
			plan->judge.trace = true;
			break;
		case 'l':
			limit_set(&plan->judge.rules, optarg);
			break;
		default:
			exit(64);
		}
}

/* Runs the domains of one job, or all when job is -1 (to count them); their number. */
static size_t
walk(struct plan *plan, long job)
{
	size_t i = 0;

	for (size_t which = 0; which < scenario_count; which++) {
		const struct scenario *scenario = &scenarios[which];
		if (plan->only && strcmp(plan->only, scenario->name) != 0)
			continue;
		for (long seed = plan->seed; seed < plan->seed + plan->seeds; seed++)
			for (long domain = 0; domain < plan->domains * scenario->weight; domain++) {
				if (plan->domain >= 0 && domain != plan->domain)
					continue;
				if (job >= 0 && (long)i % plan->jobs == job) {
					plan->owner[i] = (unsigned char)which;
					judge_domain(&plan->outcomes[i], &plan->judge, scenario,
					    (uint64_t)seed, (int)domain);
				}
				i++;
			}
	}
	return i;
}

static void *
shared(size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED) {
		perror("sim: mmap");
		exit(71);
	}
	return at;
}

static bool
run(struct plan *plan)
{
	bool good = true;

	for (long job = 1; job < plan->jobs; job++)
		if (fork() == 0) {
			walk(plan, job);
			fflush(stdout);
			_exit(0);
		}
	walk(plan, 0);
	for (long job = 1; job < plan->jobs; job++) {
		int status;
		if (wait(&status) < 0 || status != 0)
			good = false;
	}
	return good;
}

int
main(int argc, char **argv)
{
	struct plan plan = {
	    .judge = {.step = 7}, .seed = 1, .seeds = 1, .domains = 4, .jobs = 1, .domain = -1};
	struct senders *senders = senders_new();
	int code = 1;

	setvbuf(stdout, NULL, _IOLBF, 0);
	advice_rules_default(&plan.judge.rules);
	options(&plan, argc, argv);
	plan.judge.senders = senders;
	plan.count = walk(&plan, -1);
	plan.outcomes = shared((plan.count + 1) * sizeof(*plan.outcomes));
	plan.owner = shared(plan.count + 1);
	if (!run(&plan))
		fprintf(stderr, "sim: a job failed\n");
	else if (sheet_print(plan.outcomes, plan.owner, plan.count, plan.markdown))
		code = 0;
	senders_free(senders);
	munmap(plan.outcomes, (plan.count + 1) * sizeof(*plan.outcomes));
	munmap(plan.owner, plan.count + 1);
	return code;
}
