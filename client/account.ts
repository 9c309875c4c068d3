// Made by `npm run client` from the OpenAPI documents of the server: change those, not this.
export interface paths {
  "/api/v1/auth/login": {
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
     * @description By e-mail and password. Also sets the cookies `session`, `refresh_token` and `csrf_token`.
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
            /** @example SecurePassword123! */
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
              message: string;
              data: {
                user: {
                  _id: string;
                  email: string;
                  name: string;
                };
                /** @description Access token that lives 12 hours */
                token: string;
              };
              user: {
                id: string;
                email: string;
                name: string;
                /** @description user or admin */
                role: string;
              };
              tokens: {
                /** @description Access token that lives ACCESS_TOKEN_TTL, by default 30 minutes */
                access: string;
                /** @description Good for new access tokens (`POST /auth/refresh`) until the session ends */
                refresh: string;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/auth/signup": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Sign up
     * @description Makes an account with its first user and logs them in. Passwords have 8 characters or more and are not among the most common.
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
          };
        };
      };
      responses: {
        /** @description Signed up */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              message: string;
              data: {
                user: {
                  _id: string;
                  email: string;
                  name: string;
                };
                /** @description Access token that lives 12 hours */
                token: string;
              };
              user: {
                id: string;
                email: string;
                name: string;
                /** @description user or admin */
                role: string;
              };
              tokens: {
                /** @description Access token that lives ACCESS_TOKEN_TTL, by default 30 minutes */
                access: string;
                /** @description Good for new access tokens (`POST /auth/refresh`) until the session ends */
                refresh: string;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        409: components["responses"]["Error409"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/auth/refresh": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Refresh
     * @description A new access token. With `refreshToken` in the body that token stays good until the session ends. With the `refresh_token` cookie all cookies are renewed: each such token works once, and one that comes back ends the session. Only within 30 seconds, for tabs that refresh together, it is answered with the same new cookies. A session whose cookies are used ends after 12 hours without use, and 7 days after the log-in at the latest. `x-csrf-token` is not asked for here.
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
            refreshToken?: string;
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
              access: string;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/auth/logout": {
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
     * @description Ends the session at once: its access and refresh tokens stop working. With the session cookie, `x-csrf-token` is asked for. When the session is over already, the answer is 401, and it clears the cookies too.
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
        403: components["responses"]["Error403"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/me/sessions": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List sessions
     * @description Where the user is logged in at this moment, the last used first.
     */
    get: {
      parameters: {
        query?: {
          /** @description Page number. One that skips more than 100000 rows is answered with 400, even where the list has more */
          page?: number;
          /** @description Results per page, 100 at most */
          pageSize?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of sessions */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              items: {
                /** @example session_12 */
                id: string;
                /**
                 * @description When it was logged in
                 * @example 2025-11-01T10:00:00.000Z
                 */
                createdAt: string;
                /**
                 * @description To the minute
                 * @example 2025-11-01T10:00:00.000Z
                 */
                lastUsedAt: string;
                /**
                 * @description It ends then at the latest
                 * @example 2025-11-01T10:00:00.000Z
                 */
                expiresAt: string;
                /** @description Where it was logged in */
                ip: string | null;
                /** @description What it was logged in with */
                userAgent: string | null;
                /** @description It is the one that asks */
                current: boolean;
              }[];
              total: number;
              page: number;
              pageSize: number;
              totalPages: number;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
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
  "/api/v1/me/sessions/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * End a session
     * @description One of the user’s own: its access and refresh tokens stop working at once.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /**
           * @description `12` or `session_12`
           * @example 12
           */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Ended */
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
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/auth/logout-all": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Log out everywhere
     * @description Ends all sessions of the user at once, this one too, on every surface.
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
        /** @description Logged out everywhere */
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
        403: components["responses"]["Error403"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/me/whoami": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Who am I
     * @description The user behind the token or the session cookie.
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
        /** @description The user */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              user: {
                id: string;
                email: string;
                name: string;
                /** @description user or admin */
                role: string;
              };
            };
          };
        };
        401: components["responses"]["Error401"];
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
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: never;
  responses: {
    /** @description The JSON cannot be read or a field is wrong; `errors` names the fields */
    Error400: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          message: string;
          error: string;
          code: string;
          errors?: {
            msg: string;
            param: string;
            location: string;
          }[];
          /** @description Seconds */
          retryAfter?: number;
        };
      };
    };
    /** @description Wrong e-mail or password, or no, a bad or an expired token */
    Error401: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          message: string;
          error: string;
          code: string;
          errors?: {
            msg: string;
            param: string;
            location: string;
          }[];
          /** @description Seconds */
          retryAfter?: number;
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
          message: string;
          error: string;
          code: string;
          errors?: {
            msg: string;
            param: string;
            location: string;
          }[];
          /** @description Seconds */
          retryAfter?: number;
        };
      };
    };
    /** @description Not JSON */
    Error415: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          message: string;
          error: string;
          code: string;
          errors?: {
            msg: string;
            param: string;
            location: string;
          }[];
          /** @description Seconds */
          retryAfter?: number;
        };
      };
    };
    /** @description Over the limit; `Retry-After` and `retryAfter` say for how many seconds */
    Error429: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          message: string;
          error: string;
          code: string;
          errors?: {
            msg: string;
            param: string;
            location: string;
          }[];
          /** @description Seconds */
          retryAfter?: number;
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
          message: string;
          error: string;
          code: string;
          errors?: {
            msg: string;
            param: string;
            location: string;
          }[];
          /** @description Seconds */
          retryAfter?: number;
        };
      };
    };
    /** @description The database is away, or too many people log in at once */
    Error503: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          message: string;
          error: string;
          code: string;
          errors?: {
            msg: string;
            param: string;
            location: string;
          }[];
          /** @description Seconds */
          retryAfter?: number;
        };
      };
    };
    /** @description The e-mail address has an account already */
    Error409: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          message: string;
          error: string;
          code: string;
          errors?: {
            msg: string;
            param: string;
            location: string;
          }[];
          /** @description Seconds */
          retryAfter?: number;
        };
      };
    };
    /** @description By cookie: `x-csrf-token` does not repeat the `csrf_token` cookie of this session, or another site asks */
    Error403: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          message: string;
          error: string;
          code: string;
          errors?: {
            msg: string;
            param: string;
            location: string;
          }[];
          /** @description Seconds */
          retryAfter?: number;
        };
      };
    };
    /** @description There is no such session of the user */
    Error404: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          message: string;
          error: string;
          code: string;
          errors?: {
            msg: string;
            param: string;
            location: string;
          }[];
          /** @description Seconds */
          retryAfter?: number;
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
