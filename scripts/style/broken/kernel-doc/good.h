/* SPDX-License-Identifier: GPL-2.0 */
/**
 * told() - all of its parameters are described
 * @a: this one is
 *
 * Return: nothing worth.
 */
int told(int a);
