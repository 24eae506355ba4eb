/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tsc.h - how fast the time stamp counter runs
 *
 * A guest without KVM reads the host's counter, but measures its speed anew at
 * each boot against an emulated timer. On a busy host it gets that wrong, by a
 * factor of three and more, and then all its times are wrong by as much: of the
 * runs, of the watchdogs, of what was caught when. The host knows better.
 */
#ifndef LASTREF_TSC_H
#define LASTREF_TSC_H

/* In kHz, measured once against CLOCK_MONOTONIC_RAW; 0 if it cannot be. */
unsigned long tsc_khz(void);

#endif
