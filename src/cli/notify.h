/* notify: tells systemd how a service fares (sd_notify(3)), without its library; private to src/cli. */
#ifndef DMARCQ_CLI_NOTIFY_H
#define DMARCQ_CLI_NOTIFY_H

/*
 * Sends "READY=1", "STATUS=..." or the like to $NOTIFY_SOCKET. Nothing happens without one. A manager that
 * reads nothing is waited for a second. Thread-safe.
 */
void notify(const char *text);
/* Sends WATCHDOG=1 when a third of $WATCHDOG_USEC is over since the last time, without waiting. Thread-safe.
 */
void notify_alive(void);

#endif
