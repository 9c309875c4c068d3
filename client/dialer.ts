// Made by `npm run client` from the OpenAPI documents of the server: change those, not this.
export interface paths {
  "/api/health": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Health check
     * @description Asks the database.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Healthy */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              /** @enum {string} */
              status: "healthy";
              /** @enum {string} */
              db: "connected";
              /** @example 2025-11-01T10:00:00.000Z */
              timestamp: string;
              /** @description Seconds since this process started */
              uptime: number;
            };
          };
        };
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/auth/login": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Log in
     * @description By e-mail and password. The token is good for seven days, the refresh token for new ones until 30 days after the log-in; both end with the log-out. Five tries a minute and address.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /** @example agent@example.com */
            email: string;
            /** @example securePassword123 */
            password: string;
          };
        };
      };
      responses: {
        /** @description Logged in */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                user: {
                  id: number;
                  email: string;
                  /**
                   * @description An owner reads admin
                   * @enum {string}
                   */
                  role: "admin" | "manager" | "agent";
                  name: string;
                };
                token: string;
                refreshToken: string;
                /**
                 * @description Days, below a day seconds
                 * @example 7d
                 */
                expiresIn: string;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/auth/refresh": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Refresh token
     * @description A new token for the refresh token of the log-in, which stays good until the session ends.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            refreshToken: string;
          };
        };
      };
      responses: {
        /** @description Refreshed */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                token: string;
                /**
                 * @description Days, below a day seconds
                 * @example 7d
                 */
                expiresIn: string;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/auth/register": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Register user
     * @description Adds a person to the account; for administrators. Passwords have 8 characters or more and are not among the most common.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /** @example user@example.com */
            email: string;
            /**
             * @description 8 to 256 characters
             * @example SecurePassword123!
             */
            password: string;
            /**
             * @description 1 to 200 characters
             * @example John Doe
             */
            name: string;
            /** @enum {string} */
            role: "admin" | "manager" | "agent";
          };
        };
      };
      responses: {
        /** @description Registered */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                user: {
                  id: number;
                  email: string;
                  /**
                   * @description An owner reads admin
                   * @enum {string}
                   */
                  role: "admin" | "manager" | "agent";
                  name: string;
                };
              };
              message: string;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        409: components["responses"]["Error409"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/auth/logout": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Log out
     * @description Ends the session at once: its token and its refresh token stop working.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Logged out */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              message: string;
            };
          };
        };
        401: components["responses"]["Error401"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/calls/live": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Live calls
     * @description The calls in flight, the longest first: with whom, in which state and since when. For managers and administrators.
     */
    get: {
      parameters: {
        query?: {
          /**
           * @description `12` or `campaign_12`
           * @example 12
           */
          campaignId?: string;
          /** @description Page number. One that skips more than 100000 rows is answered with 400, even where the list has more */
          page?: number;
          /** @description Results per page, 200 at most */
          limit?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of live calls */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                id: number;
                /** @enum {string} */
                status: "unscheduled" | "scheduled" | "queued" | "dialing" | "unknown" | "ringing" | "in_progress" | "completed" | "no_answer" | "busy" | "failed" | "voicemail" | "abandoned" | "cancelled";
                agentId: number;
                agentName: string;
                /** @enum {string} */
                agentKind: "ai" | "human";
                destination: string;
                /** @enum {string} */
                direction: "outbound" | "inbound";
                campaignId: number | null;
                leadId: number | null;
                leadName: string | null;
                /**
                 * @description In this state
                 * @example 2025-11-01T10:00:00.000Z
                 */
                since: string;
                /** @example 2025-11-01T10:00:00.000Z */
                answeredAt: string | null;
                /**
                 * @description When a person took it
                 * @example 2025-11-01T10:00:00.000Z
                 */
                bridgedAt: string | null;
              }[];
              pagination: {
                page: number;
                limit: number;
                total: number;
                totalPages: number;
                hasNext: boolean;
                hasPrev: boolean;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/calls/{id}/disposition": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Dispose of a call
     * @description What the person who talked makes of it, also during the talk. It becomes the lead’s status; `do_not_call` puts the number on the do-not-call list; a `callback` with `callbackAt` lets the lead wait for that moment. One’s own calls; for managers and administrators any.
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /**
           * @description Up to 255 visible ASCII characters, best a UUID, made anew for every new request. The request is executed once: who repeats it with the same key within 24 hours is answered as the first time, with `Idempotency-Replayed: true`. With another path or body it is 422, while the first is in progress 409. Bodies are compared as they are sent: `4` and `agent_4` are two, the order of fields says nothing. A request refused for its own fault (400, 413, 415, 422) takes no key.
           * @example 8e03978e-40d5-43e8-bc93-6894a57f9324
           */
          "Idempotency-Key"?: string;
        };
        path: {
          /** @description `12` or `call_12` */
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /** @enum {string} */
            disposition: "contacted" | "interested" | "not_interested" | "callback" | "do_not_call";
            note?: string;
            /** @example 2025-11-14T10:00:00Z */
            callbackAt?: string;
          };
        };
      };
      responses: {
        /** @description Kept with the call and its lead */
        200: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                id: number;
                /** @enum {string} */
                disposition: "contacted" | "interested" | "not_interested" | "callback" | "do_not_call";
                /** @example 2025-11-01T10:00:00.000Z */
                updatedAt: string;
              };
              message: string;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        409: components["responses"]["Error409"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/calls": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List calls
     * @description Newest first, unless `sortBy` and `order` say otherwise. `answered` is a completed call, every other status goes by its own name. Dates bound when the call was asked for or, of a record of a call made elsewhere, when that began: both inclusive, local time of the account where they have no offset, a day without a time all of that day. Who has the role agent sees their own calls.
     */
    get: {
      parameters: {
        query?: {
          /** @description Page number. One that skips more than 100000 rows is answered with 400, even where the list has more */
          page?: number;
          /** @description Results per page, 100 at most */
          limit?: number;
          status?: "unscheduled" | "scheduled" | "queued" | "dialing" | "unknown" | "ringing" | "in_progress" | "answered" | "no_answer" | "busy" | "failed" | "voicemail" | "abandoned" | "cancelled";
          direction?: "inbound" | "outbound";
          /**
           * @description `12` or `agent_12`
           * @example 12
           */
          agentId?: string;
          /**
           * @description ISO 8601
           * @example 2025-11-13T09:30:00Z
           */
          startDate?: string;
          /**
           * @description ISO 8601
           * @example 2025-11-13T09:30:00Z
           */
          endDate?: string;
          /**
           * @description Part of the destination or of the extension
           * @example +1234567890
           */
          query?: string;
          /** @description Default: createdAt */
          sortBy?: "createdAt" | "startTime" | "endTime" | "duration" | "status" | "destination";
          /** @description Default: desc */
          order?: "asc" | "desc";
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of calls */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                id: number;
                agentId: number;
                /** @description E.164 */
                destination: string;
                /** @enum {string} */
                direction: "inbound" | "outbound";
                /** @enum {string} */
                status: "unscheduled" | "scheduled" | "queued" | "dialing" | "unknown" | "ringing" | "in_progress" | "answered" | "no_answer" | "busy" | "failed" | "voicemail" | "abandoned" | "cancelled";
                /** @description null until it has ended; 0 when nobody was reached */
                duration: number | null;
                /**
                 * @description null: not dialed
                 * @example 2025-11-01T10:00:00.000Z
                 */
                startTime: string | null;
                /**
                 * @description null: not ended
                 * @example 2025-11-01T10:00:00.000Z
                 */
                endTime: string | null;
                agentName: string;
                /** @description null: an AI agent has none */
                extension: string | null;
                /**
                 * @description null: there is no recording
                 * @example /api/recordings/1
                 */
                recordingUrl: string | null;
                /** @description With what the call was asked for with */
                metadata: {
                  campaignId: number | null;
                  leadId: number | null;
                  /** @description null: nobody has said what came of it */
                  disposition: string | null;
                } & {
                  [key: string]: unknown;
                };
              }[];
              pagination: {
                page: number;
                limit: number;
                total: number;
                totalPages: number;
                hasNext: boolean;
                hasPrev: boolean;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    put?: never;
    /**
     * Create call record
     * @description Keeps a call that was made elsewhere (CDR): it is counted in the statistics, and neither dialed nor charged. Campaign and lead in `metadata` become those of the call, `disposition` what came of it; the rest is kept. Who has the role agent records their own calls.
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /**
           * @description Up to 255 visible ASCII characters, best a UUID, made anew for every new request. The request is executed once: who repeats it with the same key within 24 hours is answered as the first time, with `Idempotency-Replayed: true`. With another path or body it is 422, while the first is in progress 409. Bodies are compared as they are sent: `4` and `agent_4` are two, the order of fields says nothing. A request refused for its own fault (400, 413, 415, 422) takes no key.
           * @example 8e03978e-40d5-43e8-bc93-6894a57f9324
           */
          "Idempotency-Key"?: string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @description 12 or `agent_12`
             * @example 12
             */
            agentId: number | string;
            /**
             * @description E.164
             * @example +1234567890
             */
            destination: string;
            /** @enum {string} */
            direction: "inbound" | "outbound";
            /** @enum {string} */
            status: "answered" | "no_answer" | "busy" | "failed" | "voicemail" | "abandoned";
            /** @description Seconds */
            duration?: number;
            /**
             * @description ISO 8601; without an offset it is local time of the account
             * @example 2025-11-13T09:30:00Z
             */
            startTime: string;
            /**
             * @description ISO 8601; default: the start and the duration
             * @example 2025-11-13T09:30:00Z
             */
            endTime?: string;
            metadata?: {
              /**
               * @description 12 or `campaign_12`
               * @example 12
               */
              campaignId?: number | string;
              /**
               * @description 12 or `contact_12`
               * @example 12
               */
              leadId?: number | string;
              disposition?: string;
            };
          };
        };
      };
      responses: {
        /** @description Created */
        201: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                id: number;
                agentId: number;
                /** @description E.164 */
                destination: string;
                /** @enum {string} */
                direction: "inbound" | "outbound";
                /** @enum {string} */
                status: "unscheduled" | "scheduled" | "queued" | "dialing" | "unknown" | "ringing" | "in_progress" | "answered" | "no_answer" | "busy" | "failed" | "voicemail" | "abandoned" | "cancelled";
                /** @description null until it has ended; 0 when nobody was reached */
                duration: number | null;
                /**
                 * @description null: not dialed
                 * @example 2025-11-01T10:00:00.000Z
                 */
                startTime: string | null;
                /**
                 * @description null: not ended
                 * @example 2025-11-01T10:00:00.000Z
                 */
                endTime: string | null;
              };
              message: string;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        409: components["responses"]["Error409_2"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/calls/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get call
     * @description One call. Who has the role agent sees their own.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /**
           * @description `12` or `call_12`
           * @example 12
           */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The call */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                id: number;
                agentId: number;
                /** @description E.164 */
                destination: string;
                /** @enum {string} */
                direction: "inbound" | "outbound";
                /** @enum {string} */
                status: "unscheduled" | "scheduled" | "queued" | "dialing" | "unknown" | "ringing" | "in_progress" | "answered" | "no_answer" | "busy" | "failed" | "voicemail" | "abandoned" | "cancelled";
                /** @description null until it has ended; 0 when nobody was reached */
                duration: number | null;
                /**
                 * @description null: not dialed
                 * @example 2025-11-01T10:00:00.000Z
                 */
                startTime: string | null;
                /**
                 * @description null: not ended
                 * @example 2025-11-01T10:00:00.000Z
                 */
                endTime: string | null;
                agentName: string;
                /** @description null: an AI agent has none */
                extension: string | null;
                /**
                 * @description null: there is no recording
                 * @example /api/recordings/1
                 */
                recordingUrl: string | null;
                /** @description With what the call was asked for with */
                metadata: {
                  campaignId: number | null;
                  leadId: number | null;
                  /** @description null: nobody has said what came of it */
                  disposition: string | null;
                } & {
                  [key: string]: unknown;
                };
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/recordings/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get recording
     * @description The audio, to be played or saved. `Range` with a single range of bytes gets that part; several, or none, the whole file. 416, without a body: the file has no such bytes. Who has the role agent hears their own calls.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `1` or `recording_1` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The audio */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "audio/*": Blob;
          };
        };
        /** @description A part of it */
        206: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "audio/*": Blob;
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        416: components["responses"]["Error416"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    put?: never;
    post?: never;
    /**
     * Delete recording
     * @description The audio is gone at once. For managers and higher.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `1` or `recording_1` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Deleted */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              message: string;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/settings/recordings": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get recording settings
     * @description How long recordings are kept. For admins.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The settings */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @description null: the default of this installation; 0: recordings are kept for ever */
                retentionDays: number | null;
                /** @description What counts now */
                effectiveRetentionDays: number;
              };
            };
          };
        };
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    /**
     * Update recording settings
     * @description Recordings older than so many days, also those that are here already, are deleted within the hour. For admins.
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            retentionDays: number | null;
          };
        };
      };
      responses: {
        /** @description Updated */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @description null: the default of this installation; 0: recordings are kept for ever */
                retentionDays: number | null;
                /** @description What counts now */
                effectiveRetentionDays: number;
              };
              message: string;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/campaigns": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List campaigns
     * @description Newest first unless `sortBy` and `order` say otherwise. `agentId` finds those that this person or AI agent works for.
     */
    get: {
      parameters: {
        query?: {
          status?: "draft" | "active" | "paused" | "completed";
          /** @description `1` or `agent_1` */
          agentId?: string;
          /** @description A part of the name or description */
          search?: string;
          sortBy?: "createdAt" | "updatedAt" | "name";
          order?: "asc" | "desc";
          /** @description Page number. One that skips more than 100000 rows is answered with 400, even where the list has more */
          page?: number;
          /** @description Results per page, 100 at most */
          limit?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of campaigns */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                id: number;
                name: string;
                /** @enum {string} */
                status: "draft" | "active" | "paused" | "completed";
                /** @description null: none yet */
                agentId: number | null;
                agentName: string | null;
                totalLeads: number;
                /** @description Whose dialing is over */
                completedLeads: number;
                /** @description Percent of these that ended in a completed call */
                successRate: number;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                updatedAt: string;
              }[];
              pagination: {
                page: number;
                limit: number;
                total: number;
                totalPages: number;
                hasNext: boolean;
                hasPrev: boolean;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    put?: never;
    /**
     * Create campaign
     * @description It is active unless `status` says otherwise, and dials as soon as it has leads.
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /**
           * @description Up to 255 visible ASCII characters, best a UUID, made anew for every new request. The request is executed once: who repeats it with the same key within 24 hours is answered as the first time, with `Idempotency-Replayed: true`. With another path or body it is 422, while the first is in progress 409. Bodies are compared as they are sent: `4` and `agent_4` are two, the order of fields says nothing. A request refused for its own fault (400, 413, 415, 422) takes no key.
           * @example 8e03978e-40d5-43e8-bc93-6894a57f9324
           */
          "Idempotency-Key"?: string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /** @example Q4 Sales Campaign */
            name: string;
            description?: string;
            targetAudience?: string;
            /**
             * @description 12 or `agent_12`
             * @example 12
             */
            agentId: number | string;
            /**
             * @description 12 or `flow_12`
             * @example 12
             */
            flowId?: number | string;
            /** @enum {string} */
            status?: "draft" | "active" | "paused" | "completed";
            settings?: {
              /** @description Seconds between calls; default 0 */
              callDelay?: number;
              /** @description Minutes before each retry */
              retryInterval?: number;
              /** @description Seconds a phone rings */
              callTimeout?: number;
              /** @description Calls at once */
              maxCalls?: number;
              /**
               * @description Default: oldest_first
               * @enum {string}
               */
              contactOrder?: "oldest_first" | "newest_first";
              /**
               * @description Default: auto
               * @enum {string}
               */
              dialingMode?: "auto" | "progressive" | "predictive" | "preview";
              /** @description Dials of one lead in all; default 3 */
              maxAttempts?: number;
              /** @description Predictive: the most lines for one free person; default 1 */
              dialRatio?: number;
              /** @description Said to who answers when nobody is free */
              abandonMessage?: string;
            };
            /** @description Replaced as a whole; what it does not name is not limited */
            schedule?: {
              /** @description ISO 8601: nothing rings before */
              startDate?: string;
              /** @description ISO 8601: completed then, whatever is left */
              endDate?: string;
              /** @description IANA name */
              timezone?: string;
              /** @description In the callee’s own time */
              workingHours?: {
                /** @example 09:00 */
                start: string;
                /** @example 09:00 */
                end: string;
              };
            };
          };
        };
      };
      responses: {
        /** @description Created */
        201: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                id: number;
                name: string;
                /** @enum {string} */
                status: "draft" | "active" | "paused" | "completed";
                /** @description null: none yet */
                agentId: number | null;
                agentName: string | null;
                totalLeads: number;
                /** @description Whose dialing is over */
                completedLeads: number;
                /** @description Percent of these that ended in a completed call */
                successRate: number;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                updatedAt: string;
                description: string | null;
                targetAudience: string | null;
                /**
                 * @description The platform administrator’s word
                 * @enum {string}
                 */
                approval: "pending" | "approved" | "rejected";
                settings: {
                  /** @enum {string} */
                  dialingMode: "auto" | "progressive" | "predictive" | "preview";
                  /** @description Seconds between calls */
                  callDelay: number;
                  /** @description Minutes before each retry; null: as the agent’s retry rules say */
                  retryInterval: number | null;
                  /** @description Seconds a phone rings; null: as the service does */
                  callTimeout: number | null;
                  /** @description Calls at once; null: no limit of its own */
                  maxCalls: number | null;
                  /** @enum {string} */
                  contactOrder: "oldest_first" | "newest_first";
                  /** @description Dials of one lead in all */
                  maxAttempts: number;
                  /** @description Predictive: the most lines for one free person */
                  dialRatio: number;
                  /** @description Said to who answers when nobody is free; null: the general one */
                  abandonMessage: string | null;
                };
                schedule?: {
                  /** @example 2025-11-01T10:00:00.000Z */
                  startDate?: string;
                  /** @example 2025-11-01T10:00:00.000Z */
                  endDate?: string;
                  timezone?: string;
                  workingHours?: {
                    start: string;
                    end: string;
                  };
                };
                flowId: number | null;
                /** @example 2025-11-01T10:00:00.000Z */
                startedAt: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                completedAt: string | null;
              };
              message: string;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        409: components["responses"]["Error409"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/campaigns/{id}/preflight": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Preflight
     * @description How many leads would be skipped and why, and when the campaign would be through at what cost. Changes nothing.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `1` or `campaign_1` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description What would happen */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @description Leads that wait for their first dial */
                waiting: number;
                /** @description Leads looked at, evenly among them; when fewer, `skipped` is an estimate */
                looked: number;
                /** @description Leads that are not dialed, or not now, or with trouble; each counts once */
                skipped: {
                  /** @description On the do-not-call list */
                  suppressed: number;
                  /** @description Their status says not to call, or not interested */
                  refused: number;
                  /** @description Their calling hours never open */
                  neverOpen: number;
                  /** @description No country has assigned the number: dialed, and likely to fail */
                  unassigned: number;
                  /** @description Another active campaign is at the same number: dialed by both */
                  duplicate: number;
                  /** @description Dialed when their hours open */
                  outsideHours: number;
                };
                /** @description Why nothing is dialed just now */
                obstacles: string[];
                /** @description If everything stays as it is */
                forecast: {
                  /** @description Still to be made, retries included */
                  dials: number;
                  dialsPerHour: number;
                  /**
                   * @description null: never, as things stand
                   * @example 2025-11-01T10:00:00.000Z
                   */
                  finishAt: string | null;
                  /** @description In the account’s money */
                  cost: number;
                  basis: {
                    /** @description From the last 30 days of this campaign; false: assumed */
                    measured: boolean;
                    /** @description Percent of dials */
                    answerRate: number;
                    /** @description Seconds */
                    averageTalk: number;
                  };
                  /** @description Leads that the balance pays for; null: it refills itself */
                  coveredLeads: number | null;
                };
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/campaigns/{id}/progress": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Progress
     * @description How far a campaign is, what it is doing, and when it will be through.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `1` or `campaign_1` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Where it is */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                id: number;
                name: string;
                /** @enum {string} */
                status: "draft" | "active" | "paused" | "completed";
                /** @description null: none yet */
                agentId: number | null;
                agentName: string | null;
                totalLeads: number;
                /** @description Whose dialing is over */
                completedLeads: number;
                /** @description Percent of these that ended in a completed call */
                successRate: number;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                updatedAt: string;
                leads: {
                  /** @description For their first dial */
                  waiting: number;
                  /** @description A call of theirs is under way or to come */
                  inLine: number;
                  completed: number;
                };
                calls: {
                  live: number;
                  /** @description To be dialed as soon as there is a place */
                  due: number;
                  /** @description Retries, and calls that wait for their hours */
                  later: number;
                };
                /** @description Ended, in the last 30 days */
                dials: {
                  total: number;
                  /** @description By a person */
                  answered: number;
                  /** @description Of these, without anybody to talk to within two seconds */
                  abandoned: number;
                  completed: number;
                  /** @description Seconds */
                  averageTalk: number;
                };
                agents: {
                  signedIn: number;
                  available: number;
                };
                /** @description Why nothing is dialed just now */
                obstacles: string[];
                /** @description If everything stays as it is */
                forecast: {
                  /** @description Still to be made, retries included */
                  dials: number;
                  dialsPerHour: number;
                  /**
                   * @description null: never, as things stand
                   * @example 2025-11-01T10:00:00.000Z
                   */
                  finishAt: string | null;
                  /** @description In the account’s money */
                  cost: number;
                  basis: {
                    /** @description From the last 30 days of this campaign; false: assumed */
                    measured: boolean;
                    /** @description Percent of dials */
                    answerRate: number;
                    /** @description Seconds */
                    averageTalk: number;
                  };
                  /** @description Leads that the balance pays for; null: it refills itself */
                  coveredLeads: number | null;
                };
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/campaigns/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get campaign
     * @description One campaign with its settings and how far it got.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `1` or `campaign_1` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The campaign */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                id: number;
                name: string;
                /** @enum {string} */
                status: "draft" | "active" | "paused" | "completed";
                /** @description null: none yet */
                agentId: number | null;
                agentName: string | null;
                totalLeads: number;
                /** @description Whose dialing is over */
                completedLeads: number;
                /** @description Percent of these that ended in a completed call */
                successRate: number;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                updatedAt: string;
                description: string | null;
                targetAudience: string | null;
                /**
                 * @description The platform administrator’s word
                 * @enum {string}
                 */
                approval: "pending" | "approved" | "rejected";
                settings: {
                  /** @enum {string} */
                  dialingMode: "auto" | "progressive" | "predictive" | "preview";
                  /** @description Seconds between calls */
                  callDelay: number;
                  /** @description Minutes before each retry; null: as the agent’s retry rules say */
                  retryInterval: number | null;
                  /** @description Seconds a phone rings; null: as the service does */
                  callTimeout: number | null;
                  /** @description Calls at once; null: no limit of its own */
                  maxCalls: number | null;
                  /** @enum {string} */
                  contactOrder: "oldest_first" | "newest_first";
                  /** @description Dials of one lead in all */
                  maxAttempts: number;
                  /** @description Predictive: the most lines for one free person */
                  dialRatio: number;
                  /** @description Said to who answers when nobody is free; null: the general one */
                  abandonMessage: string | null;
                };
                schedule?: {
                  /** @example 2025-11-01T10:00:00.000Z */
                  startDate?: string;
                  /** @example 2025-11-01T10:00:00.000Z */
                  endDate?: string;
                  timezone?: string;
                  workingHours?: {
                    start: string;
                    end: string;
                  };
                };
                flowId: number | null;
                /** @example 2025-11-01T10:00:00.000Z */
                startedAt: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                completedAt: string | null;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    /**
     * Update campaign
     * @description Changes what is given, also while it runs: what has not been dialed yet follows the new settings. `paused` stops new rings at once and leaves everything in its place, `active` goes on from there. A campaign that completed itself goes on when leads are added; any completed one with leads left when it is set `active`.
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `1` or `campaign_1` */
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /** @example Q4 Sales Campaign */
            name?: string;
            description?: string;
            targetAudience?: string;
            /**
             * @description 12 or `agent_12`
             * @example 12
             */
            agentId?: number | string;
            /**
             * @description 12 or `flow_12`
             * @example 12
             */
            flowId?: number | string;
            /** @enum {string} */
            status?: "draft" | "active" | "paused" | "completed";
            settings?: {
              /** @description Seconds between calls; default 0 */
              callDelay?: number;
              /** @description Minutes before each retry */
              retryInterval?: number;
              /** @description Seconds a phone rings */
              callTimeout?: number;
              /** @description Calls at once */
              maxCalls?: number;
              /**
               * @description Default: oldest_first
               * @enum {string}
               */
              contactOrder?: "oldest_first" | "newest_first";
              /**
               * @description Default: auto
               * @enum {string}
               */
              dialingMode?: "auto" | "progressive" | "predictive" | "preview";
              /** @description Dials of one lead in all; default 3 */
              maxAttempts?: number;
              /** @description Predictive: the most lines for one free person; default 1 */
              dialRatio?: number;
              /** @description Said to who answers when nobody is free */
              abandonMessage?: string;
            };
            /** @description Replaced as a whole; what it does not name is not limited */
            schedule?: {
              /** @description ISO 8601: nothing rings before */
              startDate?: string;
              /** @description ISO 8601: completed then, whatever is left */
              endDate?: string;
              /** @description IANA name */
              timezone?: string;
              /** @description In the callee’s own time */
              workingHours?: {
                /** @example 09:00 */
                start: string;
                /** @example 09:00 */
                end: string;
              };
            };
          };
        };
      };
      responses: {
        /** @description Updated */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                id: number;
                name: string;
                /** @enum {string} */
                status: "draft" | "active" | "paused" | "completed";
                /** @description null: none yet */
                agentId: number | null;
                agentName: string | null;
                totalLeads: number;
                /** @description Whose dialing is over */
                completedLeads: number;
                /** @description Percent of these that ended in a completed call */
                successRate: number;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                updatedAt: string;
                description: string | null;
                targetAudience: string | null;
                /**
                 * @description The platform administrator’s word
                 * @enum {string}
                 */
                approval: "pending" | "approved" | "rejected";
                settings: {
                  /** @enum {string} */
                  dialingMode: "auto" | "progressive" | "predictive" | "preview";
                  /** @description Seconds between calls */
                  callDelay: number;
                  /** @description Minutes before each retry; null: as the agent’s retry rules say */
                  retryInterval: number | null;
                  /** @description Seconds a phone rings; null: as the service does */
                  callTimeout: number | null;
                  /** @description Calls at once; null: no limit of its own */
                  maxCalls: number | null;
                  /** @enum {string} */
                  contactOrder: "oldest_first" | "newest_first";
                  /** @description Dials of one lead in all */
                  maxAttempts: number;
                  /** @description Predictive: the most lines for one free person */
                  dialRatio: number;
                  /** @description Said to who answers when nobody is free; null: the general one */
                  abandonMessage: string | null;
                };
                schedule?: {
                  /** @example 2025-11-01T10:00:00.000Z */
                  startDate?: string;
                  /** @example 2025-11-01T10:00:00.000Z */
                  endDate?: string;
                  timezone?: string;
                  workingHours?: {
                    start: string;
                    end: string;
                  };
                };
                flowId: number | null;
                /** @example 2025-11-01T10:00:00.000Z */
                startedAt: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                completedAt: string | null;
              };
              message: string;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        409: components["responses"]["Error409"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    post?: never;
    /**
     * Delete campaign
     * @description Nothing of it is dialed any more; what waits is cancelled. Its calls stay readable and its leads listed.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `1` or `campaign_1` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Deleted */
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/campaigns/{id}/agents": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Set the people of a campaign
     * @description Those who talk to its leads, besides its own agent, who always does.
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `1` or `campaign_1` */
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            agentIds: (number | string)[];
          };
        };
      };
      responses: {
        /** @description Set */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                campaignId: number;
                agentIds: number[];
              };
              message: string;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/campaigns/{id}/results.csv": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Download the results
     * @description Every lead of the campaign with what became of it, as CSV, in the order in which the leads came. `state` is `waiting` for its first dial, `in_line` while calls of it are open, or `done`; `result` then says how it ended. Call, disposition and duration are of the last call, `cost` is of all. It is read as it is sent: a file that breaks off is not whole. Texts that a spreadsheet would read as a formula begin with an apostrophe; phone numbers stand as they are, so that the file can be imported again. For managers and higher.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `1` or `campaign_1` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The results */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "text/csv": string;
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/leads/imports": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List uploads of leads
     * @description Newest first.
     */
    get: {
      parameters: {
        query?: {
          /** @description Page number. One that skips more than 100000 rows is answered with 400, even where the list has more */
          page?: number;
          /** @description Results per page, 100 at most */
          limit?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of uploads */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                importId: number;
                campaignId: number;
                fileName: string;
                /** @enum {string} */
                status: "processing" | "completed" | "failed";
                processedRows: number;
                imported: number;
                duplicates: number;
                errors: number;
                /** @description Imported, but look at them */
                warnings: number;
                /** @description Why the file could not be read to its end */
                error: string | null;
                /** @description null: no row was bad */
                errorFile: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /**
                 * @description null while it is read
                 * @example 2025-11-01T10:00:00.000Z
                 */
                completedAt: string | null;
              }[];
              pagination: {
                page: number;
                limit: number;
                total: number;
                totalPages: number;
                hasNext: boolean;
                hasPrev: boolean;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/leads/imports/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get an upload of leads
     * @description How far it is, and what became of its rows.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `1` or `import_1` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The upload */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                importId: number;
                campaignId: number;
                fileName: string;
                /** @enum {string} */
                status: "processing" | "completed" | "failed";
                processedRows: number;
                imported: number;
                duplicates: number;
                errors: number;
                /** @description Imported, but look at them */
                warnings: number;
                /** @description Why the file could not be read to its end */
                error: string | null;
                /** @description null: no row was bad */
                errorFile: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /**
                 * @description null while it is read
                 * @example 2025-11-01T10:00:00.000Z
                 */
                completedAt: string | null;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/leads/imports/{id}/errors.csv": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Download the bad rows of an upload
     * @description The rows as they stand in the file, each with its line and its reason, to be corrected and sent again; the first 10,000. Cells that a spreadsheet would read as a formula begin with an apostrophe.
     */
    get: {
      parameters: {
        query?: {
          /** @description Duplicates and warnings too */
          all?: boolean;
        };
        header?: never;
        path: {
          /** @description `1` or `import_1` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The rows */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "text/csv": string;
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/leads": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List leads
     * @description Newest first, unless sorted otherwise. A whole number in `query` is found at once; a part of a text is looked for.
     */
    get: {
      parameters: {
        query?: {
          /** @description Page number. One that skips more than 100000 rows is answered with 400, even where the list has more */
          page?: number;
          /** @description Results per page, 100 at most */
          limit?: number;
          /** @description Of this campaign; `1` or `campaign_1` */
          campaignId?: string;
          status?: "new" | "contacted" | "interested" | "not_interested" | "callback" | "do_not_call";
          /** @description A part of the name, the number or the e-mail address */
          query?: string;
          sortBy?: "createdAt" | "updatedAt" | "name" | "status" | "attempts" | "lastContactedAt";
          order?: "asc" | "desc";
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of leads */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                id: number;
                /** @description null: of no campaign */
                campaignId: number | null;
                /**
                 * @description E.164
                 * @example +1234567890
                 */
                phoneNumber: string;
                name: string | null;
                email: string | null;
                /** @enum {string} */
                status: "new" | "contacted" | "interested" | "not_interested" | "callback" | "do_not_call";
                /**
                 * @description null: nobody was reached yet
                 * @example 2025-11-01T10:00:00.000Z
                 */
                lastContactedAt: string | null;
                /** @description How often it was dialed */
                attempts: number;
                /**
                 * @description Anything you want to keep with it
                 * @example {
                 *       "company": "Acme Corp"
                 *     }
                 */
                metadata: {
                  [key: string]: unknown;
                };
                tags: string[];
                /** @description null: that of its number */
                timezone: string | null;
                /**
                 * @description Where its campaign is with it
                 * @enum {string}
                 */
                dialState: "idle" | "waiting" | "in_line" | "done";
                /** @description How its dialing ended */
                result: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                updatedAt: string;
              }[];
              pagination: {
                page: number;
                limit: number;
                total: number;
                totalPages: number;
                hasNext: boolean;
                hasPrev: boolean;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    put?: never;
    /**
     * Create lead
     * @description The lead waits for its first call. A campaign that came to its end because nobody was left goes on; one that a person completed does not.
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /**
           * @description Up to 255 visible ASCII characters, best a UUID, made anew for every new request. The request is executed once: who repeats it with the same key within 24 hours is answered as the first time, with `Idempotency-Replayed: true`. With another path or body it is 422, while the first is in progress 409. Bodies are compared as they are sent: `4` and `agent_4` are two, the order of fields says nothing. A request refused for its own fault (400, 413, 415, 422) takes no key.
           * @example 8e03978e-40d5-43e8-bc93-6894a57f9324
           */
          "Idempotency-Key"?: string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @description 12 or `campaign_12`
             * @example 12
             */
            campaignId: number | string;
            /**
             * @description E.164
             * @example +1234567890
             */
            phoneNumber: string;
            name?: string | null;
            email?: string | null;
            /**
             * @description `do_not_call` also puts the number on the do-not-call list
             * @enum {string}
             */
            status?: "new" | "contacted" | "interested" | "not_interested" | "callback" | "do_not_call";
            timezone?: string | null;
            tags?: string[];
            /**
             * @description Anything you want to keep with it
             * @example {
             *       "company": "Acme Corp"
             *     }
             */
            metadata?: {
              [key: string]: unknown;
            };
          };
        };
      };
      responses: {
        /** @description The lead */
        201: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                id: number;
                /** @description null: of no campaign */
                campaignId: number | null;
                /**
                 * @description E.164
                 * @example +1234567890
                 */
                phoneNumber: string;
                name: string | null;
                email: string | null;
                /** @enum {string} */
                status: "new" | "contacted" | "interested" | "not_interested" | "callback" | "do_not_call";
                /**
                 * @description null: nobody was reached yet
                 * @example 2025-11-01T10:00:00.000Z
                 */
                lastContactedAt: string | null;
                /** @description How often it was dialed */
                attempts: number;
                /**
                 * @description Anything you want to keep with it
                 * @example {
                 *       "company": "Acme Corp"
                 *     }
                 */
                metadata: {
                  [key: string]: unknown;
                };
                tags: string[];
                /** @description null: that of its number */
                timezone: string | null;
                /**
                 * @description Where its campaign is with it
                 * @enum {string}
                 */
                dialState: "idle" | "waiting" | "in_line" | "done";
                /** @description How its dialing ended */
                result: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                updatedAt: string;
              };
              message: string;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        409: components["responses"]["Error409"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/leads/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get lead
     * @description One lead.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `1` or `contact_1` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The lead */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                id: number;
                /** @description null: of no campaign */
                campaignId: number | null;
                /**
                 * @description E.164
                 * @example +1234567890
                 */
                phoneNumber: string;
                name: string | null;
                email: string | null;
                /** @enum {string} */
                status: "new" | "contacted" | "interested" | "not_interested" | "callback" | "do_not_call";
                /**
                 * @description null: nobody was reached yet
                 * @example 2025-11-01T10:00:00.000Z
                 */
                lastContactedAt: string | null;
                /** @description How often it was dialed */
                attempts: number;
                /**
                 * @description Anything you want to keep with it
                 * @example {
                 *       "company": "Acme Corp"
                 *     }
                 */
                metadata: {
                  [key: string]: unknown;
                };
                tags: string[];
                /** @description null: that of its number */
                timezone: string | null;
                /**
                 * @description Where its campaign is with it
                 * @enum {string}
                 */
                dialState: "idle" | "waiting" | "in_line" | "done";
                /** @description How its dialing ended */
                result: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                updatedAt: string;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    /**
     * Update lead
     * @description `metadata` is merged with what is there; a null takes a field away. With another `campaignId` the lead waits there as if it were new. `do_not_call` is for good: another status later does not take the number off the list.
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `1` or `contact_1` */
          id: string;
        };
        cookie?: never;
      };
      /** @description What is left out stays as it is */
      requestBody: {
        content: {
          "application/json": {
            campaignId?: (number | string) | null;
            /**
             * @description E.164
             * @example +1234567890
             */
            phoneNumber?: string;
            name?: string | null;
            email?: string | null;
            /**
             * @description `do_not_call` also puts the number on the do-not-call list
             * @enum {string}
             */
            status?: "new" | "contacted" | "interested" | "not_interested" | "callback" | "do_not_call";
            timezone?: string | null;
            tags?: string[];
            /**
             * @description Anything you want to keep with it
             * @example {
             *       "company": "Acme Corp"
             *     }
             */
            metadata?: {
              [key: string]: unknown;
            };
          };
        };
      };
      responses: {
        /** @description The lead as it is now */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                id: number;
                /** @description null: of no campaign */
                campaignId: number | null;
                /**
                 * @description E.164
                 * @example +1234567890
                 */
                phoneNumber: string;
                name: string | null;
                email: string | null;
                /** @enum {string} */
                status: "new" | "contacted" | "interested" | "not_interested" | "callback" | "do_not_call";
                /**
                 * @description null: nobody was reached yet
                 * @example 2025-11-01T10:00:00.000Z
                 */
                lastContactedAt: string | null;
                /** @description How often it was dialed */
                attempts: number;
                /**
                 * @description Anything you want to keep with it
                 * @example {
                 *       "company": "Acme Corp"
                 *     }
                 */
                metadata: {
                  [key: string]: unknown;
                };
                tags: string[];
                /** @description null: that of its number */
                timezone: string | null;
                /**
                 * @description Where its campaign is with it
                 * @enum {string}
                 */
                dialState: "idle" | "waiting" | "in_line" | "done";
                /** @description How its dialing ended */
                result: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                updatedAt: string;
              };
              message: string;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        409: components["responses"]["Error409"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    post?: never;
    /**
     * Delete lead
     * @description It is called no more, and a call of it that waits is cancelled. The history of its calls stays.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `1` or `contact_1` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Deleted */
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        409: components["responses"]["Error409"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/agents/me/next-lead": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Next lead to look at
     * @description Of the preview campaigns that one works for, in their order; nobody else gets it for five minutes.
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /**
           * @description Up to 255 visible ASCII characters, best a UUID, made anew for every new request. The request is executed once: who repeats it with the same key within 24 hours is answered as the first time, with `Idempotency-Replayed: true`. With another path or body it is 422, while the first is in progress 409. Bodies are compared as they are sent: `4` and `agent_4` are two, the order of fields says nothing. A request refused for its own fault (400, 413, 415, 422) takes no key.
           * @example 8e03978e-40d5-43e8-bc93-6894a57f9324
           */
          "Idempotency-Key"?: string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @description 12 or `campaign_12`
             * @example 12
             */
            campaignId?: number | string;
          };
        };
      };
      responses: {
        /** @description Reserved */
        200: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                id: number;
                campaignId: number | null;
                phoneNumber: string;
                name: string | null;
                email: string | null;
                status: string;
                attempts: number;
                /** @example 2025-11-01T10:00:00.000Z */
                lastContactedAt: string | null;
                metadata: {
                  [key: string]: unknown;
                };
                /**
                 * @description Nobody else gets it before
                 * @example 2025-11-01T10:00:00.000Z
                 */
                reservedUntil: string;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        409: components["responses"]["Error409_2"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/leads/{id}/dial": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Dial the lead one looks at
     * @description The call is one’s own: whoever asks is on it from now on, and is connected when the lead answers.
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /**
           * @description Up to 255 visible ASCII characters, best a UUID, made anew for every new request. The request is executed once: who repeats it with the same key within 24 hours is answered as the first time, with `Idempotency-Replayed: true`. With another path or body it is 422, while the first is in progress 409. Bodies are compared as they are sent: `4` and `agent_4` are two, the order of fields says nothing. A request refused for its own fault (400, 413, 415, 422) takes no key.
           * @example 8e03978e-40d5-43e8-bc93-6894a57f9324
           */
          "Idempotency-Key"?: string;
        };
        path: {
          /** @description `12` or `contact_12` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description On its way */
        200: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                callId: number;
              };
              message: string;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        409: components["responses"]["Error409"];
        422: components["responses"]["Error422_2"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/leads/{id}/skip": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Skip the lead one looks at
     * @description Its turn comes again in a quarter of an hour, for anybody.
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /**
           * @description Up to 255 visible ASCII characters, best a UUID, made anew for every new request. The request is executed once: who repeats it with the same key within 24 hours is answered as the first time, with `Idempotency-Replayed: true`. With another path or body it is 422, while the first is in progress 409. Bodies are compared as they are sent: `4` and `agent_4` are two, the order of fields says nothing. A request refused for its own fault (400, 413, 415, 422) takes no key.
           * @example 8e03978e-40d5-43e8-bc93-6894a57f9324
           */
          "Idempotency-Key"?: string;
        };
        path: {
          /** @description `12` or `contact_12` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Skipped */
        200: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              message: string;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        409: components["responses"]["Error409"];
        422: components["responses"]["Error422_2"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/agents": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List agents
     * @description The people of the account who talk, with what became of their calls. For managers and administrators.
     */
    get: {
      parameters: {
        query?: {
          /** @description `on_call` and `wrap_up` come and go with their calls; the others are asked for */
          status?: "available" | "busy" | "on_call" | "wrap_up" | "paused" | "offline";
          /** @description Page number. One that skips more than 100000 rows is answered with 400, even where the list has more */
          page?: number;
          /** @description Results per page, 100 at most */
          limit?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of agents */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                id: number;
                userId: number;
                name: string;
                email: string;
                extension: string | null;
                /**
                 * @description `on_call` and `wrap_up` come and go with their calls; the others are asked for
                 * @enum {string}
                 */
                status: "available" | "busy" | "on_call" | "wrap_up" | "paused" | "offline";
                sipUsername: string | null;
                isActive: boolean;
                /** @example 2025-11-01T10:00:00.000Z */
                statusSince: string;
                /** @description Asked for during a call, true when that is over */
                nextStatus: string | null;
                currentCallId: number | null;
                /**
                 * @description Available again by themselves from then on
                 * @example 2025-11-01T10:00:00.000Z
                 */
                wrapUpUntil: string | null;
                stats: {
                  totalCalls: number;
                  answeredCalls: number;
                  /** @description Seconds, of the answered calls */
                  avgDuration: number;
                  /** @description Answered calls, in per cent of all */
                  successRate: number;
                };
              }[];
              pagination: {
                page: number;
                limit: number;
                total: number;
                totalPages: number;
                hasNext: boolean;
                hasPrev: boolean;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    put?: never;
    /**
     * Create agent
     * @description Makes an agent of a user of the account. The SIP password is encrypted and never shown again. For administrators.
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /**
           * @description Up to 255 visible ASCII characters, best a UUID, made anew for every new request. The request is executed once: who repeats it with the same key within 24 hours is answered as the first time, with `Idempotency-Replayed: true`. With another path or body it is 422, while the first is in progress 409. Bodies are compared as they are sent: `4` and `agent_4` are two, the order of fields says nothing. A request refused for its own fault (400, 413, 415, 422) takes no key.
           * @example 8e03978e-40d5-43e8-bc93-6894a57f9324
           */
          "Idempotency-Key"?: string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @description 12 or `user_12`
             * @example 12
             */
            userId: number | string;
            /** @example 1002 */
            extension: string;
            /** @example agent1002 */
            sipUsername: string;
            sipPassword: string;
          };
        };
      };
      responses: {
        /** @description Created */
        201: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                id: number;
                userId: number;
                extension: string | null;
                sipUsername: string | null;
              };
              message: string;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        409: components["responses"]["Error409"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/agents/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get agent
     * @description Oneself, or for managers and administrators anybody. `sipPassword` is masked.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `12`, `agent_12`, or `me` for whoever asks */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The agent */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                id: number;
                userId: number;
                name: string;
                email: string;
                extension: string | null;
                /**
                 * @description `on_call` and `wrap_up` come and go with their calls; the others are asked for
                 * @enum {string}
                 */
                status: "available" | "busy" | "on_call" | "wrap_up" | "paused" | "offline";
                sipUsername: string | null;
                isActive: boolean;
                /** @example 2025-11-01T10:00:00.000Z */
                statusSince: string;
                /** @description Asked for during a call, true when that is over */
                nextStatus: string | null;
                currentCallId: number | null;
                /**
                 * @description Available again by themselves from then on
                 * @example 2025-11-01T10:00:00.000Z
                 */
                wrapUpUntil: string | null;
                stats: {
                  totalCalls: number;
                  answeredCalls: number;
                  /** @description Seconds, of the answered calls */
                  avgDuration: number;
                  /** @description Answered calls, in per cent of all */
                  successRate: number;
                };
                /** @description Encrypted at rest and never shown: always the same asterisks */
                sipPassword: string | null;
                activeCampaigns: number[];
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    /**
     * Update agent
     * @description Changes the fields that are given. Who is switched off gets no more calls. For administrators.
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `12`, `agent_12`, or `me` for whoever asks */
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /** @example 1002 */
            extension?: string;
            /** @example agent1002 */
            sipUsername?: string;
            sipPassword?: string;
            isActive?: boolean;
          };
        };
      };
      responses: {
        /** @description Updated */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                id: number;
                userId: number;
                name: string;
                email: string;
                extension: string | null;
                /**
                 * @description `on_call` and `wrap_up` come and go with their calls; the others are asked for
                 * @enum {string}
                 */
                status: "available" | "busy" | "on_call" | "wrap_up" | "paused" | "offline";
                sipUsername: string | null;
                isActive: boolean;
                /** @example 2025-11-01T10:00:00.000Z */
                statusSince: string;
                /** @description Asked for during a call, true when that is over */
                nextStatus: string | null;
                currentCallId: number | null;
                /**
                 * @description Available again by themselves from then on
                 * @example 2025-11-01T10:00:00.000Z
                 */
                wrapUpUntil: string | null;
                stats: {
                  totalCalls: number;
                  answeredCalls: number;
                  /** @description Seconds, of the answered calls */
                  avgDuration: number;
                  /** @description Answered calls, in per cent of all */
                  successRate: number;
                };
                /** @description Encrypted at rest and never shown: always the same asterisks */
                sipPassword: string | null;
                activeCampaigns: number[];
              };
              message: string;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        409: components["responses"]["Error409"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    post?: never;
    /**
     * Delete agent
     * @description Their calls and history stay. Refused while a campaign that is not over belongs to them. For administrators.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `12`, `agent_12`, or `me` for whoever asks */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Deleted */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              message: string;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        409: components["responses"]["Error409"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/agents/{id}/status": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Update agent status
     * @description `available` signs in and ends a wrap-up, `offline` signs out. During a call it is kept as `nextStatus` until the call is over. One’s own; for managers and administrators anybody’s.
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `12`, `agent_12`, or `me` for whoever asks */
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /** @enum {string} */
            status: "available" | "busy" | "paused" | "offline";
            /** @description Kept in the history */
            reason?: string;
          };
        };
      };
      responses: {
        /** @description The status now */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                id: number;
                /**
                 * @description `on_call` and `wrap_up` come and go with their calls; the others are asked for
                 * @enum {string}
                 */
                status: "available" | "busy" | "on_call" | "wrap_up" | "paused" | "offline";
                nextStatus: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                updatedAt: string;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        409: components["responses"]["Error409"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/agents/{id}/states": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Status history
     * @description Newest first. One’s own; for managers and administrators anybody’s.
     */
    get: {
      parameters: {
        query?: {
          /** @description Page number. One that skips more than 100000 rows is answered with 400, even where the list has more */
          page?: number;
          /** @description Results per page, 200 at most */
          limit?: number;
        };
        header?: never;
        path: {
          /** @description `12`, `agent_12`, or `me` for whoever asks */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of the history */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                id: number;
                status: string;
                reason: string | null;
                callId: number | null;
                /** @example 2025-11-01T10:00:00.000Z */
                at: string;
              }[];
              pagination: {
                page: number;
                limit: number;
                total: number;
                totalPages: number;
                hasNext: boolean;
                hasPrev: boolean;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/stats/dashboard": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Dashboard statistics
     * @description What became of calls, counted as they end. Dates bound the end, are local time of the account where they have no offset, and reach to the whole quarter of an hour; without them all calls count. Who has the role agent sees their own figures.
     */
    get: {
      parameters: {
        query?: {
          /**
           * @description ISO 8601
           * @example 2025-11-13
           */
          startDate?: string;
          /**
           * @description ISO 8601
           * @example 2025-11-13
           */
          endDate?: string;
          /**
           * @description `12` or `agent_12`
           * @example 12
           */
          agentId?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The figures */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @description Calls that ended, those cancelled or stopped before they were dialed aside */
                totalCalls: number;
                answeredCalls: number;
                /** @description Seconds, of answered calls */
                avgDuration: number;
                /** @description Seconds, of answered calls */
                totalDuration: number;
                /** @description Percent answered of all */
                successRate: number;
                callsByStatus: {
                  answered: number;
                  no_answer: number;
                  busy: number;
                  failed: number;
                  voicemail: number;
                  abandoned: number;
                };
                /** @description By the hour in which they ended on the clocks of the account’s zone; hours without a call are left out */
                callsByHour: {
                  hour: number;
                  count: number;
                }[];
                /** @description Up to five with the most calls, people and AI agents */
                topAgents: {
                  agentId: number;
                  name: string;
                  totalCalls: number;
                  successRate: number;
                }[];
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/calls/upload-recording": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Upload recording
     * @description Form fields: `callId`; `recording`, a WebM, Ogg, WAV, MP3, M4A, AAC or FLAC file of up to 67108864 bytes, which its content must show. Who has the role agent uploads to their own calls. The latest recording of a call is the one that is shown with it.
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /**
           * @description Up to 255 visible ASCII characters, best a UUID, made anew for every new request. The request is executed once: who repeats it with the same key within 24 hours is answered as the first time, with `Idempotency-Replayed: true`. With another path or body it is 422, while the first is in progress 409. Bodies are compared as they are sent: `4` and `agent_4` are two, the order of fields says nothing. A request refused for its own fault (400, 413, 415, 422) takes no key.
           * @example 8e03978e-40d5-43e8-bc93-6894a57f9324
           */
          "Idempotency-Key"?: string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "multipart/form-data": {
            callId: number | string;
            /** Format: binary */
            recording: Blob;
          };
        };
      };
      responses: {
        /** @description Stored */
        200: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                callId: number;
                /** @example /api/recordings/1 */
                recordingUrl: string;
                /** @example recording_1_20251113_093000.webm */
                filename: string;
                /** @description Bytes */
                size: number;
              };
              message: string;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        409: components["responses"]["Error409_2"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/leads/bulk-upload": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Upload leads from CSV or XLSX
     * @description Answers when all rows are read. Form fields: `campaignId`; `file`, a CSV (`,`, `;`, tab or `|`; UTF-8 or UTF-16) or an Excel workbook, of which the first sheet is read, up to 200000 rows; `countryCodeIncluded`, `true` when numbers may lack the plus before their country code. Columns in any order, by their usual names: phone (phoneNumber, mobile, tel, …), name, first name, last name, email, timezone, tags, status; others are kept in `metadata`. Without such a header the column that holds a number in the first row has the phones. What was imported stays, should the connection break: send the file again, and it counts as duplicates.
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /**
           * @description Up to 255 visible ASCII characters, best a UUID, made anew for every new request. The request is executed once: who repeats it with the same key within 24 hours is answered as the first time, with `Idempotency-Replayed: true`. With another path or body it is 422, while the first is in progress 409. Bodies are compared as they are sent: `4` and `agent_4` are two, the order of fields says nothing. A request refused for its own fault (400, 413, 415, 422) takes no key.
           * @example 8e03978e-40d5-43e8-bc93-6894a57f9324
           */
          "Idempotency-Key"?: string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "multipart/form-data": {
            campaignId: number | string;
            /** Format: binary */
            file: Blob;
            /** @default false */
            countryCodeIncluded?: boolean;
          };
        };
      };
      responses: {
        /** @description What became of the rows */
        200: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                importId: number;
                campaignId: number;
                imported: number;
                /** @description Numbers that the campaign had already, or that came again in the file */
                duplicates: number;
                /** @description Rows that could not be taken */
                errors: number;
                /** @description Where the bad rows are with their reasons, when there are any */
                errorFile?: string;
              };
              message: string;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        409: components["responses"]["Error409_2"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/webhooks": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List webhooks
     * @description Newest first; their secrets are never shown again.
     */
    get: {
      parameters: {
        query?: {
          /** @description Page number. One that skips more than 100000 rows is answered with 400, even where the list has more */
          page?: number;
          /** @description Results per page, 100 at most */
          limit?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of webhooks */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                id: number;
                url: string;
                description: string | null;
                events: ("call.started" | "call.ended" | "campaign.completed" | "lead.updated")[];
                isActive: boolean;
                /**
                 * @description Since when every attempt has failed; null: the last one arrived
                 * @example 2025-11-01T10:00:00.000Z
                 */
                failingSince: string | null;
                /**
                 * @description When it was switched off because of its answers
                 * @example 2025-11-01T10:00:00.000Z
                 */
                disabledAt: string | null;
                disabledReason: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                updatedAt: string;
              }[];
              pagination: {
                page: number;
                limit: number;
                total: number;
                totalPages: number;
                hasNext: boolean;
                hasPrev: boolean;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    put?: never;
    /**
     * Create webhook
     * @description What happens from now on is posted there, signed with the secret that only this answer shows.
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /**
           * @description Up to 255 visible ASCII characters, best a UUID, made anew for every new request. The request is executed once: who repeats it with the same key within 24 hours is answered as the first time, with `Idempotency-Replayed: true`. With another path or body it is 422, while the first is in progress 409. Bodies are compared as they are sent: `4` and `agent_4` are two, the order of fields says nothing. A request refused for its own fault (400, 413, 415, 422) takes no key.
           * @example 8e03978e-40d5-43e8-bc93-6894a57f9324
           */
          "Idempotency-Key"?: string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @description https, on a public address
             * @example https://hooks.example.com/dialfleet
             */
            url: string;
            events: ("call.started" | "call.ended" | "campaign.completed" | "lead.updated")[];
            description?: string | null;
            /** @default true */
            isActive?: boolean;
          };
        };
      };
      responses: {
        /** @description Created */
        201: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                id: number;
                url: string;
                description: string | null;
                events: ("call.started" | "call.ended" | "campaign.completed" | "lead.updated")[];
                isActive: boolean;
                /**
                 * @description Since when every attempt has failed; null: the last one arrived
                 * @example 2025-11-01T10:00:00.000Z
                 */
                failingSince: string | null;
                /**
                 * @description When it was switched off because of its answers
                 * @example 2025-11-01T10:00:00.000Z
                 */
                disabledAt: string | null;
                disabledReason: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                updatedAt: string;
                /**
                 * @description Signs what is sent (Standard Webhooks). Shown this once
                 * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
                 */
                secret: string;
              };
              message: string;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        409: components["responses"]["Error409"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/webhooks/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get webhook
     * @description One webhook, and how it does.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `12` or `webhook_12` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The webhook */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                id: number;
                url: string;
                description: string | null;
                events: ("call.started" | "call.ended" | "campaign.completed" | "lead.updated")[];
                isActive: boolean;
                /**
                 * @description Since when every attempt has failed; null: the last one arrived
                 * @example 2025-11-01T10:00:00.000Z
                 */
                failingSince: string | null;
                /**
                 * @description When it was switched off because of its answers
                 * @example 2025-11-01T10:00:00.000Z
                 */
                disabledAt: string | null;
                disabledReason: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                updatedAt: string;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    /**
     * Update webhook
     * @description Fields that are left out stay. Switched on again, it forgets its failures; what waits for it is sent.
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `12` or `webhook_12` */
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @description https, on a public address
             * @example https://hooks.example.com/dialfleet
             */
            url?: string;
            events?: ("call.started" | "call.ended" | "campaign.completed" | "lead.updated")[];
            description?: string | null;
            isActive?: boolean;
          };
        };
      };
      responses: {
        /** @description Updated */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                id: number;
                url: string;
                description: string | null;
                events: ("call.started" | "call.ended" | "campaign.completed" | "lead.updated")[];
                isActive: boolean;
                /**
                 * @description Since when every attempt has failed; null: the last one arrived
                 * @example 2025-11-01T10:00:00.000Z
                 */
                failingSince: string | null;
                /**
                 * @description When it was switched off because of its answers
                 * @example 2025-11-01T10:00:00.000Z
                 */
                disabledAt: string | null;
                disabledReason: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                updatedAt: string;
              };
              message: string;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    post?: never;
    /**
     * Delete webhook
     * @description With its log, and what was still to be delivered there.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `12` or `webhook_12` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Deleted */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              message: string;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/webhooks/{id}/rotate-secret": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Rotate secret
     * @description A new secret, shown this once. For 24 hours everything is signed with both, so that no delivery is refused meanwhile.
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /**
           * @description Up to 255 visible ASCII characters, best a UUID, made anew for every new request. The request is executed once: who repeats it with the same key within 24 hours is answered as the first time, with `Idempotency-Replayed: true`. With another path or body it is 422, while the first is in progress 409. Bodies are compared as they are sent: `4` and `agent_4` are two, the order of fields says nothing. A request refused for its own fault (400, 413, 415, 422) takes no key.
           * @example 8e03978e-40d5-43e8-bc93-6894a57f9324
           */
          "Idempotency-Key"?: string;
        };
        path: {
          /** @description `12` or `webhook_12` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The new secret */
        200: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                id: number;
                /**
                 * @description Signs what is sent (Standard Webhooks). Shown this once
                 * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
                 */
                secret: string;
                /** @example 2025-11-01T10:00:00.000Z */
                oldSecretValidUntil: string | null;
              };
              message: string;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        409: components["responses"]["Error409_2"];
        422: components["responses"]["Error422_2"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/webhooks/{id}/test": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send test event
     * @description Sends `webhook.test`, whatever it listens to; its deliveries tell how that went.
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /**
           * @description Up to 255 visible ASCII characters, best a UUID, made anew for every new request. The request is executed once: who repeats it with the same key within 24 hours is answered as the first time, with `Idempotency-Replayed: true`. With another path or body it is 422, while the first is in progress 409. Bodies are compared as they are sent: `4` and `agent_4` are two, the order of fields says nothing. A request refused for its own fault (400, 413, 415, 422) takes no key.
           * @example 8e03978e-40d5-43e8-bc93-6894a57f9324
           */
          "Idempotency-Key"?: string;
        };
        path: {
          /** @description `12` or `webhook_12` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description On its way */
        202: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                deliveryId: number;
              };
              message: string;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        409: components["responses"]["Error409"];
        422: components["responses"]["Error422_2"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/webhooks/{id}/deliveries": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List deliveries
     * @description What was sent to a webhook, or will be, newest first. Kept for 30 days.
     */
    get: {
      parameters: {
        query?: {
          status?: "pending" | "delivered" | "dead";
          /** @description Page number. One that skips more than 100000 rows is answered with 400, even where the list has more */
          page?: number;
          /** @description Results per page, 100 at most */
          limit?: number;
        };
        header?: never;
        path: {
          /** @description `12` or `webhook_12` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of deliveries */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                id: number;
                webhookId: number;
                /** @description The `webhook-id` of the request, the same in every attempt */
                eventId: string;
                /** @example call.ended */
                eventType: string;
                /** @description The body that is sent */
                payload: {
                  [key: string]: unknown;
                };
                /**
                 * @description `dead`: given up; only a replay sends it again
                 * @enum {string}
                 */
                status: "pending" | "delivered" | "dead";
                attempts: number;
                /**
                 * @description null: none is planned
                 * @example 2025-11-01T10:00:00.000Z
                 */
                nextAttemptAt: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                lastAttemptAt: string | null;
                /** @description null: no answer came */
                lastStatusCode: number | null;
                lastError: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                deliveredAt: string | null;
              }[];
              pagination: {
                page: number;
                limit: number;
                total: number;
                totalPages: number;
                hasNext: boolean;
                hasPrev: boolean;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/webhooks/deliveries/{id}/replay": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Replay delivery
     * @description Sends it again, at once and under the same `webhook-id`, whether it was delivered, given up or waits.
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /**
           * @description Up to 255 visible ASCII characters, best a UUID, made anew for every new request. The request is executed once: who repeats it with the same key within 24 hours is answered as the first time, with `Idempotency-Replayed: true`. With another path or body it is 422, while the first is in progress 409. Bodies are compared as they are sent: `4` and `agent_4` are two, the order of fields says nothing. A request refused for its own fault (400, 413, 415, 422) takes no key.
           * @example 8e03978e-40d5-43e8-bc93-6894a57f9324
           */
          "Idempotency-Key"?: string;
        };
        path: {
          /** @description `34` or `delivery_34` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description On its way */
        202: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                id: number;
                webhookId: number;
                /** @description The `webhook-id` of the request, the same in every attempt */
                eventId: string;
                /** @example call.ended */
                eventType: string;
                /** @description The body that is sent */
                payload: {
                  [key: string]: unknown;
                };
                /**
                 * @description `dead`: given up; only a replay sends it again
                 * @enum {string}
                 */
                status: "pending" | "delivered" | "dead";
                attempts: number;
                /**
                 * @description null: none is planned
                 * @example 2025-11-01T10:00:00.000Z
                 */
                nextAttemptAt: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                lastAttemptAt: string | null;
                /** @description null: no answer came */
                lastStatusCode: number | null;
                lastError: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                deliveredAt: string | null;
              };
              message: string;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        409: components["responses"]["Error409_2"];
        422: components["responses"]["Error422_2"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/webhooks/{id}/replay": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Replay dead deliveries
     * @description Sends everything again that was given up, for example after the receiver was away for days.
     */
    post: {
      parameters: {
        query?: {
          /**
           * @description Only events since then, ISO 8601
           * @example 2025-11-13T09:30:00Z
           */
          since?: string;
        };
        header?: {
          /**
           * @description Up to 255 visible ASCII characters, best a UUID, made anew for every new request. The request is executed once: who repeats it with the same key within 24 hours is answered as the first time, with `Idempotency-Replayed: true`. With another path or body it is 422, while the first is in progress 409. Bodies are compared as they are sent: `4` and `agent_4` are two, the order of fields says nothing. A request refused for its own fault (400, 413, 415, 422) takes no key.
           * @example 8e03978e-40d5-43e8-bc93-6894a57f9324
           */
          "Idempotency-Key"?: string;
        };
        path: {
          /** @description `12` or `webhook_12` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description On their way */
        202: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                replayed: number;
              };
              message: string;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        409: components["responses"]["Error409"];
        422: components["responses"]["Error422_2"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503_2"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: never;
  responses: {
    /** @description Over the limit */
    Error429: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          error: {
            code: string;
            message: string;
            /** @description What is wrong, by field */
            details?: {
              [key: string]: string;
            };
          };
        };
      };
    };
    /** @description Our fault */
    Error500: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          error: {
            code: string;
            message: string;
            /** @description What is wrong, by field */
            details?: {
              [key: string]: string;
            };
          };
        };
      };
    };
    /** @description The database does not answer */
    Error503: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          /** @enum {string} */
          status: "unhealthy";
          /** @enum {string} */
          db: "disconnected";
          /** @example 2025-11-01T10:00:00.000Z */
          timestamp: string;
        };
      };
    };
    /** @description The query, the path or the JSON itself cannot be read */
    Error400: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          error: {
            code: string;
            message: string;
            /** @description What is wrong, by field */
            details?: {
              [key: string]: string;
            };
          };
        };
      };
    };
    /** @description No, a bad or an expired token */
    Error401: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          error: {
            code: string;
            message: string;
            /** @description What is wrong, by field */
            details?: {
              [key: string]: string;
            };
          };
        };
      };
    };
    /** @description The request is too large */
    Error413: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          error: {
            code: string;
            message: string;
            /** @description What is wrong, by field */
            details?: {
              [key: string]: string;
            };
          };
        };
      };
    };
    /** @description Not the type of content that is taken here */
    Error415: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          error: {
            code: string;
            message: string;
            /** @description What is wrong, by field */
            details?: {
              [key: string]: string;
            };
          };
        };
      };
    };
    /** @description A field of the body is wrong; `details` names the fields */
    Error422: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          error: {
            code: string;
            message: string;
            /** @description What is wrong, by field */
            details?: {
              [key: string]: string;
            };
          };
        };
      };
    };
    /** @description Over the limit; `Retry-After` says for how many seconds */
    Error429_2: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          error: {
            code: string;
            message: string;
            /** @description What is wrong, by field */
            details?: {
              [key: string]: string;
            };
          };
        };
      };
    };
    /** @description The database is away */
    Error503_2: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          error: {
            code: string;
            message: string;
            /** @description What is wrong, by field */
            details?: {
              [key: string]: string;
            };
          };
        };
      };
    };
    /** @description Not allowed to this role */
    Error403: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          error: {
            code: string;
            message: string;
            /** @description What is wrong, by field */
            details?: {
              [key: string]: string;
            };
          };
        };
      };
    };
    /** @description It exists already, or its state does not allow this */
    Error409: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          error: {
            code: string;
            message: string;
            /** @description What is wrong, by field */
            details?: {
              [key: string]: string;
            };
          };
        };
      };
    };
    /** @description There is no such thing, or it belongs to somebody else */
    Error404: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          error: {
            code: string;
            message: string;
            /** @description What is wrong, by field */
            details?: {
              [key: string]: string;
            };
          };
        };
      };
    };
    /** @description Also: the first request with this `Idempotency-Key` is in progress (`Retry-After`), or was cut off and nobody knows what it did */
    Error409_2: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          error: {
            code: string;
            message: string;
            /** @description What is wrong, by field */
            details?: {
              [key: string]: string;
            };
          };
        };
      };
    };
    /** @description No such bytes */
    Error416: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "audio/*": Blob;
      };
    };
    /** @description `Idempotency-Key` was used for another request */
    Error422_2: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          error: {
            code: string;
            message: string;
            /** @description What is wrong, by field */
            details?: {
              [key: string]: string;
            };
          };
        };
      };
    };
  };
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
