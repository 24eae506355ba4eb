/* SPDX-License-Identifier: GPL-2.0 */
/**
 * half_told() - one of its parameters is not described
 * @told: this one is
 */
int half_told(int told, int untold);
