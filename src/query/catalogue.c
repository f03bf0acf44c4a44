/* catalogue: the questions there are, a line each. */
#include "query/catalogue.h"

#include <string.h>

static const struct question *const questions[] = {
    &question_status,
    &question_top_failures,
    &question_sources,
    &question_kpi,
    &question_trend,
    &question_policy,
    &question_why,
    &question_reporters,
    &question_reporters_by_domain,
    &question_mark,
    &question_reports,
    &question_show,
    &question_show_tls,
    &question_tls,
    &question_failures,
    &question_failures_by,
    &question_show_failure,
    &question_rejects,
    &question_db_info,
    &question_export_records,
    &question_export_rollup,
    &question_export_reports,
    &question_export_rejects,
    &question_export_decisions,
    &question_export_tls,
    &question_export_failures,
};

const struct question *
question_find(const char *name)
{
	size_t i;

	for (i = 0; i < COUNT(questions); i++)
		if (strcmp(questions[i]->name, name) == 0)
			return questions[i];
	return NULL;
}
