// ids.js - names that nobody else can have chosen
// SPDX-License-Identifier: GPL-3.0-or-later

const base64url = (bytes) =>
  btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');

/** 16 random bytes as 22 characters: a device, or a handle's tail. */
export const random_id = () => base64url(crypto.getRandomValues(new Uint8Array(16)));

/** A conversation's name until the server gives it an id. */
export const new_handle = () => `new-${random_id()}`;
