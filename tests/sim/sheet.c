/*
 * Adds up and prints. A table is a function that fills the cells of one scenario's row; the last row is all
 * scenarios together. Goals: at most 1 % of the READY verdicts are wrong, at most 5 % in any scenario, and no
 * domain whose owner reviews is blocked by spoofing.
 */
#include "sim/sheet.h"

#include "analysis/stats.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CELL = 48, COLUMNS = 12 };
static const double goal_all = 0.01, goal_each = 0.05;

struct sum {
	int domains, ready[STEPS], wrong[STEPS], reached[STEPS];
	int backs, wrong_backs, needs, found, compared, blocked;
	int *days[STEPS], *delays; /* of the domains that began with p=none; of what was found, */
	int *told_delays;          /* and told */
	int day_count[STEPS], delay_count, told, told_count;
	double sent, lost;
};

struct line {
	char cell[COLUMNS][CELL];
};

struct table {
	const char *title;
	const char *heads[COLUMNS];
	void (*fill)(struct line *row, const struct sum sums[ARMS]);
};

static void
sum_up(struct sum *sum, const struct domain_result *domain, enum arm arm)
{
	const struct result *result = &domain->arm[arm];

	sum->domains++;
	for (int step = 0; step < STEPS; step++) {
		sum->ready[step] += result->ready[step];
		sum->wrong[step] += result->wrong[step];
		if (domain->start == POLICY_NONE && result->right_day[step] >= 0)
			sum->days[step][sum->day_count[step]++] = result->right_day[step];
	}
	sum->backs += result->backs;
	sum->wrong_backs += result->wrong_backs;
	sum->needs += result->needs;
	sum->found += result->found;
	for (int i = 0; i < result->found && i < SIM_DELAYS; i++)
		sum->delays[sum->delay_count++] = result->delay[i];
	sum->told += result->told;
	for (int i = 0; i < result->told && i < SIM_DELAYS; i++)
		sum->told_delays[sum->told_count++] = result->told_delay[i];
	sum->compared += domain->compared && domain->follows;
	sum->blocked += domain->blocked[arm] && domain->follows;
	if (domain->start == POLICY_NONE) {
		sum->sent += result->sent;
		sum->lost += result->lost;
	}
}

static int
by_size(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static void
median(char cell[CELL], int *values, int count)
{
	if (count == 0) {
		snprintf(cell, CELL, "-");
		return;
	}
	qsort(values, (size_t)count, sizeof(*values), by_size);
	snprintf(cell, CELL, "%d", values[count / 2]);
}

/* "3 of 812, 0.4 % (at most 0.9)" */
static void
wrong_share(char cell[CELL], int wrong, int ready)
{
	if (ready == 0)
		snprintf(cell, CELL, "-");
	else
		snprintf(cell, CELL, "%d of %d: %.1f %% (<= %.1f)", wrong, ready, 100.0 * wrong / ready,
		    100 * stats_upper(wrong, ready, 0.95));
}

static void
fill_wrong(struct line *row, const struct sum sums[ARMS])
{
	const struct sum *advice = &sums[ARM_ADVICE];

	snprintf(row->cell[1], CELL, "%d", advice->domains);
	wrong_share(row->cell[2], advice->wrong[0], advice->ready[0]);
	wrong_share(row->cell[3], advice->wrong[1], advice->ready[1]);
	for (int arm = ARM_ADVICE; arm <= ARM_98; arm++)
		wrong_share(row->cell[4 + arm], sums[arm].wrong[0] + sums[arm].wrong[1],
		    sums[arm].ready[0] + sums[arm].ready[1]);
}

static void
fill_days(struct line *row, const struct sum sums[ARMS])
{
	for (int arm = 0; arm < ARMS; arm++)
		for (int step = 0; step < STEPS; step++) {
			char days[CELL];
			const struct sum *sum = &sums[arm];
			median(days, sum->days[step], sum->day_count[step]);
			snprintf(
			    row->cell[1 + 2 * arm + step], CELL, "%.20s (%d)", days, sum->day_count[step]);
		}
}

static void
fill_back(struct line *row, const struct sum sums[ARMS])
{
	char told[CELL];

	for (int arm = ARM_ADVICE; arm <= ARM_98; arm++) {
		const struct sum *sum = &sums[arm];
		char days[CELL];
		median(days, sum->delays, sum->delay_count);
		snprintf(row->cell[2 * arm + (arm == ARM_ADVICE ? 1 : 2)], CELL, "%d of %d, %.20s",
		    sum->found, sum->needs, days);
		snprintf(row->cell[2 * arm + 3], CELL, "%d of %d", sum->wrong_backs, sum->backs);
	}
	median(told, sums[ARM_ADVICE].told_delays, sums[ARM_ADVICE].told_count);
	snprintf(row->cell[2], CELL, "%d of %d, %.20s", sums[ARM_ADVICE].told, sums[ARM_ADVICE].needs, told);
	for (int arm = ARM_ADVICE; arm <= ARM_98; arm++)
		snprintf(row->cell[8 + arm], CELL, "%.2f %%",
		    sums[arm].sent > 0 ? 100 * sums[arm].lost / sums[arm].sent : 0);
}

static void
fill_blocked(struct line *row, const struct sum sums[ARMS])
{
	if (sums[ARM_ADVICE].compared == 0)
		return;
	snprintf(row->cell[1], CELL, "%d", sums[ARM_ADVICE].compared);
	for (int arm = ARM_ADVICE; arm <= ARM_98; arm++)
		snprintf(row->cell[2 + arm], CELL, "%d", sums[arm].blocked);
}

static const struct table tables[] = {
    {"READY that loses more than the limit",
	{"scenario", "domains", "to quarantine", "to reject", "both", "over 99 % for 30 days",
	    "30 days and 98 %"},
	fill_wrong},
    {"Days to a right READY, median (domains that got there)",
	{"scenario", "quarantine", "reject", "99 %: quarantine", "reject", "98 %: quarantine", "reject",
	    "oracle: quarantine", "reject"},
	fill_days},
    {"STEP BACK: found of needed, median days, without a reason; and legitimate mail lost",
	{"scenario", "found", "told", "no reason", "99 %: found", "no reason", "98 %: found", "no reason",
	    "lost", "99 %", "98 %"},
	fill_back},
    {"Blocked by spoofing (owners who answer)", {"scenario", "domains", "advice", "99 %", "98 %"},
	fill_blocked},
};

static void
print_rows(const struct line *rows, size_t count, bool markdown)
{
	int width[COLUMNS] = {0}, columns = 0;

	for (size_t i = 0; i < count; i++)
		for (int j = 0; j < COLUMNS; j++)
			if ((int)strlen(rows[i].cell[j]) > width[j])
				width[j] = (int)strlen(rows[i].cell[j]);
	while (columns < COLUMNS && width[columns] > 0)
		columns++;
	for (size_t i = 0; i < count; i++) {
		for (int j = 0; j < columns; j++)
			printf("%s%-*s", markdown ? (j ? " | " : "| ") : (j ? "  " : ""),
			    markdown || j < columns - 1 ? width[j] : 0, rows[i].cell[j]);
		printf(markdown ? " |\n" : "\n");
		if (markdown && i == 0)
			for (int j = 0; j < columns; j++)
				printf("%s", j < columns - 1 ? "|---" : "|---|\n");
	}
}

static void
print_table(const struct table *table, struct sum (*sums)[ARMS], bool markdown)
{
	struct line *rows = mem_zero(scenario_count + 2, sizeof(*rows));
	size_t count = 1;

	printf(markdown ? "**%s**\n\n" : "%s\n", table->title);
	for (int j = 0; j < COLUMNS && table->heads[j]; j++)
		snprintf(rows[0].cell[j], CELL, "%s", table->heads[j]);
	for (size_t i = 0; i <= scenario_count; i++) {
		table->fill(&rows[count], sums[i]);
		if (rows[count].cell[1][0])
			snprintf(rows[count++].cell[0], CELL, "%s",
			    i < scenario_count ? scenarios[i].title : "all");
	}
	print_rows(rows, count, markdown);
	printf("\n");
	free(rows);
}

static bool goals(struct sum (*sums)[ARMS])
{
	bool met = true;

	for (size_t i = 0; i <= scenario_count; i++) {
		const struct sum *sum = &sums[i][ARM_ADVICE];
		int ready = sum->ready[0] + sum->ready[1], wrong = sum->wrong[0] + sum->wrong[1];
		double goal = i < scenario_count ? goal_each : goal_all;
		const char *name = i < scenario_count ? scenarios[i].name : "all";
		if (wrong > goal * ready) {
			printf(
			    "goal missed: %s: %d of %d READY lose more than the limit\n", name, wrong, ready);
			met = false;
		}
		if (sum->blocked > 0) {
			printf("goal missed: %s: %d domains are blocked by spoofing\n", name, sum->blocked);
			met = false;
		}
	}
	return met;
}

static void
sums_make(struct sum (*sums)[ARMS], size_t count)
{
	for (size_t i = 0; i <= scenario_count; i++)
		for (int arm = 0; arm < ARMS; arm++) {
			for (int step = 0; step < STEPS; step++)
				sums[i][arm].days[step] = mem_zero(count, sizeof(int));
			sums[i][arm].delays = mem_zero(count * SIM_DELAYS, sizeof(int));
			sums[i][arm].told_delays = mem_zero(count * SIM_DELAYS, sizeof(int));
		}
}

static void sums_free(struct sum (*sums)[ARMS])
{
	for (size_t i = 0; i <= scenario_count; i++)
		for (int arm = 0; arm < ARMS; arm++) {
			for (int step = 0; step < STEPS; step++)
				free(sums[i][arm].days[step]);
			free(sums[i][arm].delays);
			free(sums[i][arm].told_delays);
		}
	free(sums);
}

bool
sheet_print(const struct domain_result *outcomes, const unsigned char *owner, size_t count, bool markdown)
{
	struct sum(*sums)[ARMS] = mem_zero(scenario_count + 1, sizeof(*sums));
	bool met;

	sums_make(sums, count);
	for (size_t i = 0; i < count; i++)
		for (int arm = 0; arm < ARMS; arm++) {
			sum_up(&sums[owner[i]][arm], &outcomes[i], (enum arm)arm);
			sum_up(&sums[scenario_count][arm], &outcomes[i], (enum arm)arm);
		}
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		print_table(&tables[i], sums, markdown);
	met = goals(sums);
	sums_free(sums);
	return met;
}
