/* cmd_doctor: what stands between this machine and a mailbox, step by step. */
#include "base/mem.h"
#include "base/text.h"
#include "base/words.h"
#include "cli/mailboxes.h"
#include "cli/question.h"
#include "mailbox/probe.h"

#include <stdlib.h>
#include <string.h>

enum { SECONDS = 10, SECONDS_MAX = 600 };

/* name, title, type, priority, least width */
static const struct column step_columns[] = {
    {"step", "Step", CELL_TEXT, 0, 0},
    {"about", "About", CELL_TEXT, 0, 20},
    {"result", "Result", CELL_TEXT, 0, 0},
    {"found", "Found", CELL_TEXT, BELOW, 0},
    {"advice", "To do", CELL_TEXT, BELOW, 0},
};
enum { STEP_COLUMNS = sizeof step_columns / sizeof *step_columns };
static const struct section steps_section = {"steps", NULL, SHAPE_ROWS, true, step_columns, STEP_COLUMNS};

static const struct column port_columns[] = {
    {"address", "Address", CELL_TEXT, 0, 0},
    {"port", "Port", CELL_ID, 0, 0},
    {"service", "Service", CELL_TEXT, 0, 0},
    {"state", "State", CELL_TEXT, 0, 0},
    {"milliseconds", "ms", CELL_INTEGER, 0, 0},
};
enum { PORT_COLUMNS = sizeof port_columns / sizeof *port_columns };
static const struct section ports_section = {"ports", "Ports", SHAPE_LIST, true, port_columns, PORT_COLUMNS};

static const struct column certificate_columns[] = {
    {"subject", "Certificate of", CELL_TEXT, 0, 24},
    {"not_before", "From (UTC)", CELL_TIME, 1, 0},
    {"not_after", "Until (UTC)", CELL_TIME, 0, 0},
    {"issuer", "Issuer", CELL_TEXT, BELOW, 0},
    {"names", "Names", CELL_TEXT, BELOW, 0},
};
enum { CERTIFICATE_COLUMNS = sizeof certificate_columns / sizeof *certificate_columns };
static const struct section certificates_section = {"certificates", "Certificates that the server sent",
    SHAPE_LIST, true, certificate_columns, CERTIFICATE_COLUMNS};

static const struct column exit_columns[] = {{"exit_code", "Exit code", CELL_ID, 0, 0}};
static const struct section exit_section = {"exit_code", NULL, SHAPE_VALUE, true, exit_columns, 1};

static struct cell
text_cell(const char *text)
{
	return (struct cell){.known = text != NULL && text[0] != '\0', .text = str_of(text)};
}

static struct cell
number_cell(int64_t number)
{
	return (struct cell){.known = true, .number = number};
}

static enum status
write_steps(struct output *out, const struct probe *probe, struct err *err)
{
	enum status status = output_section(out, &steps_section, err);
	struct cell cells[STEP_COLUMNS];
	const struct probe_step *step;
	size_t i;

	for (i = 0; status == OK && i < probe->step_count; i++) {
		step = &probe->steps[i];
		cells[0] = text_cell(step->step);
		cells[1] = text_cell(step->about);
		cells[2] = text_cell(probe_word(step->result));
		cells[3] = text_cell(step->found);
		cells[4] = text_cell(step->advice);
		status = output_row(out, cells, err);
	}
	return status;
}

static enum status
write_ports(struct output *out, const struct probe *probe, struct err *err)
{
	enum status status = output_section(out, &ports_section, err);
	struct cell cells[PORT_COLUMNS];
	const struct net_port *port;
	size_t i;

	for (i = 0; status == OK && i < probe->port_count; i++) {
		port = &probe->ports[i];
		cells[0] = text_cell(port->address->text);
		cells[1] = number_cell(port->port);
		cells[2] = text_cell(probe_service(port->port));
		cells[3] = text_cell(probe_state_word(port->state));
		cells[4] = number_cell(port->milliseconds);
		cells[4].known = port->state != NET_SILENT;
		status = output_row(out, cells, err);
	}
	return status;
}

static enum status
write_certificates(struct output *out, const struct probe *probe, struct err *err)
{
	enum status status = output_section(out, &certificates_section, err);
	struct cell cells[CERTIFICATE_COLUMNS];
	const struct tls_certificate *certificate;
	size_t i;

	for (i = 0; status == OK && i < probe->tls.count; i++) {
		certificate = &probe->tls.chain[i];
		cells[0] = text_cell(certificate->subject);
		cells[1] = number_cell(certificate->not_before);
		cells[2] = number_cell(certificate->not_after);
		cells[3] = text_cell(certificate->issuer);
		cells[4] = text_cell(certificate->names);
		status = output_row(out, cells, err);
	}
	return status;
}

static enum status
write_probe(struct output *out, const struct probe *probe, struct err *err)
{
	struct cell code = number_cell(probe_exit_code(probe));
	enum status status = output_begin(out, "doctor", NULL, err);

	if (status == OK)
		status = write_steps(out, probe, err);
	if (status == OK)
		status = write_ports(out, probe, err);
	if (status == OK)
		status = write_certificates(out, probe, err);
	if (status == OK)
		status = output_section(out, &exit_section, err);
	if (status == OK)
		status = output_row(out, &code, err);
	return status == OK ? output_end(out, err) : status;
}

static enum status
no_mailbox(const struct context *context, struct err *err)
{
	const char *near = NULL, *name;
	size_t i;

	for (i = 0; (name = config_name(context->config, "mailbox", i)) != NULL; i++)
		word_nearest(&near, context->args[0], name);
	(void)err_stop(err, EXIT_CODE_USAGE,
	    "neither the URL of a mailbox nor the name of one in the configuration%s%s%s",
	    near != NULL ? "; did you mean " : "", near != NULL ? near : "", near != NULL ? "?" : "");
	return err_at(err, "%s", context->args[0]);
}

static enum status
look(struct context *context, const struct account *account, struct err *err)
{
	struct output_options options = question_output(context);
	struct probe *probe = mem_zero(1, sizeof *probe);
	struct output *out = NULL;
	enum status status = output_open(&out, context_option(context, "format"), &options, err);

	if (status == OK) {
		probe_run(probe, account, (unsigned)context_number(context, "timeout", SECONDS));
		context->exit_code = probe_exit_code(probe);
		status = write_probe(out, probe, err);
		probe_free(probe);
	}
	output_close(out);
	free(probe);
	return status;
}

static enum status
doctor_run(struct context *context, struct err *err)
{
	struct sources sources;
	enum status status = sources_choose(&sources, context, SOURCES_PROBED, err);

	if (status == OK)
		status = sources.accounts[0] != NULL ? look(context, sources.accounts[0], err)
						     : no_mailbox(context, err);
	sources_free(&sources);
	return status;
}

static const struct option doctor_options[] = {
    {.name = "timeout",
	.metavar = "SECONDS",
	.help = "the longest that a step may take (default 10)",
	.least = 1,
	.most = SECONDS_MAX},
    {.name = "password-file",
	.metavar = "FILE",
	.help = "the password is its first line, whatever the configuration says"},
    {.name = "ca-file",
	.metavar = "FILE",
	.help = "the certificates to trust, PEM, whatever the configuration says"},
    OPTION_FORMAT,
    OPTION_END,
};

const struct command cmd_doctor = {
    .name = "doctor",
    .summary = "tells step by step what keeps a mailbox from being read",
    .arguments = "MAILBOX",
    .least_args = 1,
    .most_args = 1,
    .options = doctor_options,
    .needs = NEEDS_PATH,
    .run = doctor_run,
};
